package main

import (
	"embed"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"strconv"
	"strings"
)

// The manifest quotes the cases as they are written here, so that text and
// stream cannot disagree.
//
//go:embed cases_*.go
var caseFiles embed.FS

// A source is what the files of cases declare.
type source struct {
	fset  *token.FileSet
	files map[string][]byte
	types map[string]*ast.GenDecl
	// rows has the cases of all tables.
	rows []ast.Expr
}

func parseSource() (*source, error) {
	s := &source{fset: token.NewFileSet(), files: map[string][]byte{}, types: map[string]*ast.GenDecl{}}
	paths, err := fs.Glob(caseFiles, "*.go")
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		if s.files[path], err = caseFiles.ReadFile(path); err != nil {
			return nil, err
		}
		file, err := parser.ParseFile(s.fset, path, s.files[path], parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, decl := range file.Decls {
			if decl, ok := decl.(*ast.GenDecl); ok {
				s.add(decl)
			}
		}
	}
	return s, nil
}

func (s *source) add(decl *ast.GenDecl) {
	for _, spec := range decl.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			s.types[spec.Name.Name] = decl
		case *ast.ValueSpec:
			// Besides types, the files declare nothing but tables of cases.
			s.rows = append(s.rows, spec.Values[0].(*ast.CompositeLit).Elts...)
		}
	}
}

func (s *source) text(n ast.Node) string {
	start, end := s.fset.Position(n.Pos()), s.fset.Position(n.End())
	return string(s.files[start.Filename][start.Offset:end.Offset])
}

// declarations returns the text of the types that n uses, each after those
// that led to it.
func (s *source) declarations(n ast.Node) []string {
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
			if decl := s.types[n.Name]; decl != nil && !seen[n.Name] {
				seen[n.Name] = true
				decls = append(decls, s.text(decl))
				ast.Inspect(decl, visit)
			}
		}
		return true
	}
	ast.Inspect(n, visit)
	return decls
}

type caseText struct {
	types, body string
}

// readSource finds the text of every case.
func readSource() (map[string]caseText, error) {
	s, err := parseSource()
	if err != nil {
		return nil, err
	}
	texts := map[string]caseText{}
	for _, row := range s.rows {
		elts := row.(*ast.CompositeLit).Elts
		name, err := strconv.Unquote(elts[0].(*ast.BasicLit).Value)
		if err != nil {
			return nil, err
		}
		body := elts[1].(*ast.FuncLit).Body
		var statements []string
		for _, statement := range body.List {
			statements = append(statements, s.text(statement))
		}
		texts[name] = caseText{
			types: strings.Join(s.declarations(body), "\n"),
			body:  strings.Join(statements, "; "),
		}
	}
	return texts, nil
}
