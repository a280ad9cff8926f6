package privacy

import (
	"slices"
	"strings"
)

// kind is how much the name of a value says about it.
type kind int

const (
	ordinary  kind = iota
	queried        // a key, a signature: secret in the query of a URL
	ambiguous      // a pass, a pin: secret there, and if it looks random
	scheme         // Bearer, Basic: a secret may follow without a separator
	secret
	password // may be a number
	cookie
	header // Authorization: up to the end of the header
)

// secretWords are the words that make a name secret, by strength. An s may follow.
var secretWords = map[string]kind{
	"token": secret, "secret": secret, "credential": secret, "cred": secret, "apikey": secret, "accesskey": secret,
	"secretkey": secret, "privatekey": secret, "sshkey": secret, "jwt": secret, "hmac": secret, "webhook": secret,
	"password": password, "passwd": password, "passphrase": password, "passcode": password,
	"cookie": cookie, "authorization": header,
	"pass": ambiguous, "pat": ambiguous, "pwd": ambiguous, "auth": ambiguous, "sessionid": ambiguous, "pin": ambiguous,
	"key": queried, "session": queried, "signature": queried, "sig": queried, "sas": queried, "policy": queried,
	"bearer": scheme, "basic": scheme,
}

// endings are the words among them that also make secret what is written together with
// them: PGPASSWORD, authtoken.
var endings = []string{"password", "passwd", "passphrase", "secret", "token", "apikey", "credential"}

// secretKeys are the words that make a key secret, in whichever case: api_key, sshKey.
var secretKeys = wordSet("api access private ssh encryption account signing secret auth master client service " +
	"deploy license admin storage shared subscription hf huggingface wandb openai anthropic nvidia aws gcp azure google " +
	"github gitlab")

// signers are the words that make a signature secret outside of a URL too.
var signers = wordSet("amz goog hub shared")

// settings are the words of counts and settings, and of the tokens of a text: max_tokens,
// eos_token, cache_key.
var settings = wordSet("max min num count limit size len length budget threshold bucket step per parallel type mode " +
	"cache batched draft spec speculative prefill decode prompt completion input output next stop start end begin " +
	"eos bos pad unk sep cls mask special placeholder image audio video vision embed public")

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}

// A name is what stands before a value.
type name struct {
	kind kind
	last bool // the word that makes it secret is its last
	many bool // keys, tokens: a flag of that name takes several values
}

// nameOf tells by the words of a name whether its value is secret.
func nameOf(text string) (n name) {
	words := split(text)
	variable := len(words) > 1 && strings.ToUpper(text) == text
	setting := slices.ContainsFunc(words, func(w string) bool { return settings[w] || settings[singular(w)] })
	qualified := slices.ContainsFunc(words, func(w string) bool { return secretKeys[w] })
	signer := slices.ContainsFunc(words, func(w string) bool { return signers[w] })
	for i, w := range words {
		k, word := kindOf(w)
		last := i == len(words)-1
		switch {
		case word == "token" && !last && (words[i+1] == "id" || words[i+1] == "ids"):
			k = ordinary // one of a text
		case (word == "token" || k == queried || k == ambiguous) && setting:
			if k = ordinary; variable {
				k = ambiguous
			}
		case word == "key" && (qualified || variable), (k == queried || k == ambiguous) && variable && last:
			k = secret
		case word == "pin" && !last && words[i+1] == "code":
			k = password
		case word == "signature" && signer:
			k = secret
		case k == scheme && len(words) > 1:
			k = ordinary
		}
		if k > n.kind {
			n = name{kind: k, last: last, many: word == "key" || word == "apikey" || singular(w) != w && singular(word) == word}
		}
	}
	return n
}

// kindOf is the kind of one word, and the word as it stands among the secret ones.
func kindOf(word string) (kind, string) {
	for _, w := range []string{word, singular(word)} {
		if k, ok := secretWords[w]; ok {
			return k, w
		}
		for _, ending := range endings {
			if strings.HasSuffix(w, ending) {
				return secretWords[ending], ending
			}
		}
	}
	return ordinary, word
}

func singular(word string) string { return strings.TrimSuffix(word, "s") }

// split divides a name into its words, in lower case: at what is no letter, and where a
// word begins in capitals. awsAPIKey2 has aws, api and key.
func split(text string) (words []string) {
	begin := 0
	for i := 0; i <= len(text); i++ {
		inside := i < len(text) && isLetter(text[i])
		starts := inside && i > begin && isUpper(text[i]) &&
			(!isUpper(text[i-1]) || i+2 < len(text) && isLower(text[i+1]) && isLower(text[i+2]))
		if inside && !starts {
			continue
		}
		if i > begin {
			words = append(words, strings.ToLower(text[begin:i]))
		}
		begin = i
		if !inside {
			begin++
		}
	}
	return words
}

func isLower(c byte) bool  { return c >= 'a' && c <= 'z' }
func isUpper(c byte) bool  { return c >= 'A' && c <= 'Z' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return isLower(c | 0x20) }

// inName tells whether a byte can stand in a name.
func inName(c byte) bool { return isLetter(c) || isDigit(c) || c == '_' || c == '-' }
