package paper

import _ "embed" // the claims

// ClaimsJSON has the paper's findings, in the order of its figures' topics, as
// reproduction.ReadClaims reads them.
//
//go:embed claims.json
var ClaimsJSON []byte
