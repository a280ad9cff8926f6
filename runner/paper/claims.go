package paper

import (
	"bytes"
	_ "embed" // the claims
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"coldstart/reports/reproduction"
)

//go:embed claims.json
var claimsJSON []byte

// Claims are the paper's findings, in the order of its figures' topics.
var Claims = sync.OnceValue(func() []reproduction.Claim {
	claims, err := decodeClaims(claimsJSON)
	if err != nil {
		panic(fmt.Errorf("paper: claims.json: %w", err)) // the file is part of the program
	}
	return claims
})

// decodeClaims reads claims and refuses what no claim has.
func decodeClaims(text []byte) (claims []reproduction.Claim, err error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&claims); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more behind the claims")
	}
	return claims, reproduction.CheckAll(claims)
}
