// Package contract checks, in tests, that what is said to Stripe's API and what it answers fits Stripe's own schema.
//
// Owns: the schema (testdata, MIT licence of Stripe) and the reading of it. Tables: none.
// May import: jsonschema/v6. Only tests import it.
// Always true: strict on both sides; a parameter or a field that the schema does not name fails the test.
package contract

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

//go:embed testdata/payments-subset_api-2023-10-16.schema.json
var text []byte

// Schema is Stripe's schema, ready to validate with.
type Schema struct {
	document map[string]any
	mu       sync.Mutex // the compiler is for one at a time
	compiler *jsonschema.Compiler
}

// once reads the schema once per process: it is large, and nothing changes it.
var once = sync.OnceValues(func() (*Schema, error) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	s := &Schema{document: strict(document).(map[string]any), compiler: jsonschema.NewCompiler()}
	return s, s.compiler.AddResource("stripe.json", s.document)
})

// Load gives the schema.
func Load(t testing.TB) *Schema {
	t.Helper()
	s, err := once()
	if err != nil {
		t.Fatalf("contract: %v", err)
	}
	return s
}

// strict turns OpenAPI's "nullable" into JSON Schema and forbids fields that are not named.
func strict(node any) any {
	switch node := node.(type) {
	case []any:
		for i := range node {
			node[i] = strict(node[i])
		}
	case map[string]any:
		for key := range node {
			node[key] = strict(node[key])
		}
		if _, ok := node["properties"].(map[string]any); ok && node["additionalProperties"] == nil && node["type"] == "object" {
			node["additionalProperties"] = false
		}
		if node["nullable"] == true {
			delete(node, "nullable")
			return map[string]any{"anyOf": []any{map[string]any{"type": "null"}, node}}
		}
	}
	return node
}

// Object checks an object against the schema of that name ("refund").
func (s *Schema) Object(name string, object []byte) error {
	return s.validate("#/components/schemas/"+name, bytes.NewReader(object))
}

func (s *Schema) validate(pointer string, r io.Reader) error {
	value, err := jsonschema.UnmarshalJSON(r)
	if err != nil {
		return err
	}
	return s.check(pointer, value)
}

func (s *Schema) check(pointer string, value any) error {
	s.mu.Lock()
	compiled, err := s.compiler.Compile("stripe.json" + pointer) // the second time it is remembered
	s.mu.Unlock()
	if err != nil {
		return fmt.Errorf("no schema %s: %w", pointer, err)
	}
	return compiled.Validate(value)
}

// Handler passes API calls on to next and fails the test where a request that succeeds, or any answer, breaks the contract.
func (s *Schema) Handler(t testing.TB, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path, known := s.path(r.URL.Path)
		if !known {
			next.ServeHTTP(w, r)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("contract: %v", err)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		rec := &tee{ResponseWriter: w, code: http.StatusOK}
		next.ServeHTTP(rec, r)
		at := "#/paths/" + strings.ReplaceAll(strings.ReplaceAll(path, "~", "~0"), "/", "~1") + "/" + strings.ToLower(r.Method)
		s.exchange(t, r, path, at, body, rec)
	})
}

// tee passes an answer on and keeps a copy.
type tee struct {
	http.ResponseWriter
	code int
	body bytes.Buffer
}

func (w *tee) WriteHeader(code int) {
	w.code = code
	w.ResponseWriter.WriteHeader(code)
}

func (w *tee) Write(b []byte) (int, error) {
	w.body.Write(b)
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController flush.
func (w *tee) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (s *Schema) exchange(t testing.TB, r *http.Request, path, at string, body []byte, rec *tee) {
	t.Helper()
	if rec.Header().Get("Request-Id") == "" {
		t.Errorf("contract: %s %s: no Request-Id", r.Method, path)
	}
	if rec.code >= 300 {
		if err := errorAnswer(rec.body.Bytes()); err != nil {
			t.Errorf("contract: %s %s answered %d: %v", r.Method, path, rec.code, err)
		}
		return
	}
	if r.Method == http.MethodPost {
		schema, err := s.request(path)
		if err == nil {
			err = s.check(at+"/requestBody", nest(schema, body))
		}
		if err != nil {
			t.Errorf("contract: %s %s was asked with %s: %v", r.Method, path, body, err)
		}
	}
	if err := s.validate(at+"/response", bytes.NewReader(rec.body.Bytes())); err != nil {
		t.Errorf("contract: %s %s answered %s: %v", r.Method, r.URL.Path, &rec.body, err)
	}
}

func errorAnswer(body []byte) error {
	var e struct {
		Error struct {
			Type    string `json:"type"`
			Message string `json:"message"`
		} `json:"error"`
	}
	if err := json.Unmarshal(body, &e); err != nil {
		return err
	}
	switch e.Error.Type {
	case "api_error", "card_error", "idempotency_error", "invalid_request_error":
		return nil
	}
	return fmt.Errorf("error type %q in %s", e.Error.Type, body)
}

// path finds the schema's spelling of a path: /v1/refunds/re_1 is /v1/refunds/{refund}.
func (s *Schema) path(asked string) (string, bool) {
	paths := s.document["paths"].(map[string]any)
	want := strings.Split(asked, "/")
next:
	for path := range paths {
		parts := strings.Split(path, "/")
		if len(parts) != len(want) {
			continue
		}
		for i, p := range parts {
			if p != want[i] && !strings.HasPrefix(p, "{") {
				continue next
			}
		}
		return path, true
	}
	return "", false
}

func (s *Schema) request(path string) (map[string]any, error) {
	post, ok := s.document["paths"].(map[string]any)[path].(map[string]any)["post"].(map[string]any)
	if !ok {
		return nil, fmt.Errorf("the schema knows no POST %s", path)
	}
	schema, _ := post["requestBody"].(map[string]any)
	return schema, nil
}

// nest turns form text into the tree that the schema describes, with numbers where it wants numbers.
func nest(schema map[string]any, body []byte) any {
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return nil
	}
	tree := map[string]any{}
	for key, list := range values {
		at := tree
		parts := strings.Split(strings.ReplaceAll(key, "]", ""), "[")
		for _, p := range parts[:len(parts)-1] {
			if _, ok := at[p].(map[string]any); !ok {
				at[p] = map[string]any{}
			}
			at = at[p].(map[string]any)
		}
		at[parts[len(parts)-1]] = list[0]
	}
	return shape(schema, tree)
}

func shape(schema map[string]any, value any) any {
	if options, ok := schema["anyOf"].([]any); ok {
		for _, o := range options { // the option that fits what came: a tree or a text
			o, _ := o.(map[string]any)
			_, isTree := value.(map[string]any)
			if wantsTree := o["type"] == "object" || o["type"] == "array"; wantsTree == isTree && o["type"] != "null" {
				return shape(o, value)
			}
		}
		return value
	}
	switch tree, isTree := value.(map[string]any); {
	case schema["type"] == "array" && isTree:
		items, _ := schema["items"].(map[string]any)
		list := make([]any, len(tree))
		for i := range list {
			list[i] = shape(items, tree[fmt.Sprint(i)])
		}
		return list
	case isTree:
		properties, _ := schema["properties"].(map[string]any)
		for key := range tree {
			if p, ok := properties[key].(map[string]any); ok {
				tree[key] = shape(p, tree[key])
			}
		}
		return tree
	case schema["type"] == "integer":
		return json.Number(fmt.Sprint(value))
	case schema["type"] == "boolean":
		return value == "true"
	}
	return value
}
