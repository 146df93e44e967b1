#!/usr/bin/env bash
# Makes the first inputs of the targets in fuzz/seeds, out of the test data: what
# Go wrote, and what was observed of it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
data=../testdata
rm -rf seeds
mkdir -p seeds/{value,typed,roundtrip,inspect,client,server,http,source,capture,json}

count=0
# Writes a file for a target: seed TARGET TEXT, which has escapes as in \x7f.
seed() {
    count=$((count + 1))
    printf '%b' "$2" >"seeds/$1/$count"
}

# All streams of a file of test data, with escapes.
streams() {
    grep -oE "\"$1\": *\"[0-9a-f]+\"" "$2" | sed -E 's/.*"([0-9a-f]+)"$/\1/; s/../\\x&/g'
}


while read -r stream; do
    seed value "\x00$stream"
    seed inspect "$stream"
    seed json "\xff$stream"
    seed roundtrip "$stream"
    for which in {0..42}; do
        seed typed "\x$(printf %02x "$which")\x01$stream"
    done
done < <(streams hex $data/golden/manifest.json)
while read -r stream; do
    seed value "\x00$stream"
    seed inspect "$stream"
    seed typed "\x$(printf %02x $((count % 43)))\x01$stream"
done < <(streams hex $data/vectors/decode.json)

# Both sides of a connection; the recordings have the server of another one.
connection=$(streams hex <(grep -A4 rpc_client_two_calls $data/golden/manifest.json))
for name in rpc_server_ok rpc_server_error rpc_server_int_reply; do
    replies=$(streams hex <(grep -A4 "\"$name\"" $data/golden/manifest.json))
    seed client "\x00\x01$replies"
    length=$(printf '%04x' $((${#connection} / 4)))
    seed capture "\x01\x${length:0:2}\x${length:2}$connection$replies"
    http='CONNECT /_goRPC_ HTTP/1.0\n\n'
    length=$(printf '%04x' $((${#connection} / 4 + 27)))
    seed capture "\x01\x${length:0:2}\x${length:2}${http}${connection}HTTP/1.0 200 Connected to Go RPC\n\n$replies"
    {
        echo '{"gobrpc":"recording","version":1,"started":"2026-11-26T05:07:20.123456Z","target":"localhost:1"}'
        echo '{"at":0.000153,"conn":1,"open":"127.0.0.1:50312"}'
        printf '{"at":0.000421,"conn":1,"client":"%s"}\n' "$(printf '%b' "$connection" | base64 -w0)"
        printf '{"at":0.000883,"conn":1,"server":"%s"}\n' "$(printf '%b' "$replies" | base64 -w0)"
        echo '{"at":0.001102,"conn":1,"end":"client"}'
        echo '{"at":0.001190,"conn":1,"end":"server"}'
        echo '{"at":0.001193,"conn":1,"closed":null}'
    } >"seeds/capture/$name"
done
seed server "\x00\x01$connection"
seed http "\x00\x01CONNECT /_goRPC_ HTTP/1.0\n\n$connection"
seed http "\x00\x01CONNECT /_goRPC_?a=b HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer y\r\n\r\n"
seed http "\x00\x01GET /debug/rpc HTTP/1.1\r\nHost: x\r\n\r\n"
seed http "\x00\x01HEAD /other HTTP/1.0\r\n\r\n"
seed http "\x01\x01HTTP/1.0 200 Connected to Go RPC\n\n"
while read -r sent; do
    seed client "\x00\x01$sent"
    seed http "\x01\x01HTTP/1.0 200 Connected to Go RPC\n\n$sent"
done < <(streams sent_hex $data/vectors/servers.json)
while read -r sent; do
    seed client "\x01\x01$sent"
    seed http "\x01\x01$sent"
done < <(grep -oE '"sent": *"([^"\\]|\\.)*"' $data/vectors/servers.json | sed -E 's/^"sent": *"(.*)"$/\1/; s/\\"/"/g')
while read -r sent; do
    seed server "\x01\x01$sent"
    for which in {0..11}; do
        seed json "\x$(printf %02x "$which")$sent"
    done
    length=$(printf '%04x' ${#sent})
    seed capture "\x01\x${length:0:2}\x${length:2}$sent"'{"id":1,"result":[1, 2],"error":null}\n{"id":0,"result":null,"error":"no"}\n'
done < <(grep -oE '"sent": *"([^"\\]|\\.)*"' $data/vectors/jsonrpc.json | sed -E 's/^"sent": *"(.*)"$/\1/; s/\\"/"/g')

# MessagePack: a header is a map, and so are structs.
header='\x82\xadServiceMethod\xaaArith.Plus\xa3Seq'
seed server "\x02\x01$header\x00\x82\xa1X\x07\xa1Y\x08$header\x01\x93\x01\xa1x\x81\xa1k\xcb\x3f\xf8\x00\x00\x00\x00\x00\x00"
header='\x83\xadServiceMethod\xaaArith.Plus\xa5Error\xa0\xa3Seq'
seed client "\x02\x01$header\x00\x07$header\x01\xc0$header\x02\x82\xa4Real\xca\x3f\xc0\x00\x00\xa4Text\xd9\x02hi$header\x03\x81\xa1k\xc4\x01\x7f"

# The declarations with which the goldens were made, and constants.
while read -r declarations; do
    seed source "$declarations"
done < <(grep -oE '"go_type": *"([^"\\]|\\.)+"' $data/golden/manifest.json | sed -E 's/^"go_type": *"(.*)"$/\1/; s/\\"/"/g')
cp ../tests/go_interop/cmd/goldens/*.go ../cli/tests/go/*/*.go seeds/source/ 2>/dev/null || true
seed source 'package a\nimport ("time"; b "math/big")\nconst (\n\tA = iota + 1<<3\n\tB, C = "x" + `y`, '"'"'\\n'"'"' - 0x1p-2\n\tD uint8 = len(B) &^ 2 % 3\n)\ntype (\n\tT[K comparable, V any] struct { M map[K]*V; N []T[K, V] }\n\tU = T[string, [D]time.Time]\n\tE struct { *b.Int; f func(a, b int, ...string) (x error); c <-chan [2]U; I interface{ M() } `json:"x"` }\n)\nfunc (e *E) GobEncode() ([]byte, error) { return nil, nil }\n'
seed json '\x00{"Flag":true,"Small":-8,"Large":1,"Byte":2,"Unsigned":18446744073709551615,"Single":0.5,"Real":"NaN","Complex":"(1+2i)","Text":{"string_base64":"/w=="},"Bytes":"aGk=","Octets":[1,2,3],"Words":["a"],"Rows":[[1],[]],"Map":{"a":[1]},"ByPlain":[[{"X":1,"Y":"a"},true]],"ByInt":{"-1":null},"Level":7,"Blob":{"gob":"Blob","base64":"eA=="},"Any":{"type":"main.Plain","value":{"X":1,"Y":"b"}},"List":[{"type":"int","value":1},null],"Child":{"Text":"b"},"Time":"2026-11-26T05:07:20Z","Int":"123456789012345678901"}'
