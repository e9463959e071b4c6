package stripefake

import (
	"encoding/json"
	"net/http"
)

// apiError is Stripe's error object.
type apiError struct {
	Status  int    `json:"-"`
	Type    string `json:"type"`
	Code    string `json:"code,omitempty"`
	Param   string `json:"param,omitempty"`
	Message string `json:"message"`
	// Forget says that the idempotency key is not used up: the request was refused before it began.
	Forget bool `json:"-"`
}

func (e *apiError) Error() string { return e.Type + " " + e.Code + ": " + e.Message }

// invalid is a request that cannot be carried out as it was written.
func invalid(code, param, message string) *apiError {
	return &apiError{http.StatusBadRequest, "invalid_request_error", code, param, message, true}
}

// refused is a request that was understood and not carried out.
func refused(code, message string) *apiError {
	return &apiError{http.StatusBadRequest, "invalid_request_error", code, "", message, false}
}

func missing(kind, id string) *apiError {
	return &apiError{http.StatusNotFound, "invalid_request_error", "resource_missing", "id", "No such " + kind + ": '" + id + "'", true}
}

func broken(err error) *apiError {
	return &apiError{http.StatusInternalServerError, "api_error", "", "", "The stand-in failed: " + err.Error(), true}
}

// answer is a reply that was or will be sent.
type answer struct {
	Status int
	Body   []byte
}

func answerOf(v any) (answer, *apiError) {
	body, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return answer{}, broken(err)
	}
	return answer{http.StatusOK, body}, nil
}

func (e *apiError) answer() answer {
	body, err := json.MarshalIndent(map[string]*apiError{"error": e}, "", "  ")
	if err != nil {
		panic(err) // strings only
	}
	return answer{e.Status, body}
}
