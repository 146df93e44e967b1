package main

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
)

// The manifest quotes the cases as they are written here, so that text and
// stream cannot disagree.
//
//go:embed cases.go
var casesSource string

type caseText struct {
	types, body string
}

// readSource finds the text of every case in cases.go.
func readSource() (map[string]caseText, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "cases.go", casesSource, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	text := func(n ast.Node) string {
		return casesSource[fset.Position(n.Pos()).Offset:fset.Position(n.End()).Offset]
	}

	types := map[string]*ast.GenDecl{}
	var table *ast.CompositeLit
	for _, decl := range file.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range gen.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				types[spec.Name.Name] = gen
			case *ast.ValueSpec:
				if spec.Names[0].Name == "cases" {
					table, _ = spec.Values[0].(*ast.CompositeLit)
				}
			}
		}
	}
	if table == nil {
		return nil, fmt.Errorf("cases.go has no table of cases")
	}

	texts := map[string]caseText{}
	for _, row := range table.Elts {
		elts := row.(*ast.CompositeLit).Elts
		name, err := strconv.Unquote(elts[0].(*ast.BasicLit).Value)
		if err != nil {
			return nil, err
		}
		body := elts[1].(*ast.FuncLit).Body

		var statements []string
		for _, statement := range body.List {
			statements = append(statements, text(statement))
		}

		// The declarations used, each after those that led to it.
		var decls []string
		seen := map[string]bool{}
		var visit func(ast.Node) bool
		visit = func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Field:
				// Not its name, which may be a type's as well.
				ast.Inspect(n.Type, visit)
				return false
			case *ast.KeyValueExpr:
				if _, isField := n.Key.(*ast.Ident); isField {
					ast.Inspect(n.Value, visit)
					return false
				}
			case *ast.Ident:
				if !seen[n.Name] && types[n.Name] != nil {
					seen[n.Name] = true
					decls = append(decls, text(types[n.Name]))
					ast.Inspect(types[n.Name], visit)
				}
			}
			return true
		}
		ast.Inspect(body, visit)

		texts[name] = caseText{
			types: strings.Join(decls, "\n"),
			body:  strings.Join(statements, "; "),
		}
	}
	return texts, nil
}
