package main

import (
	"bytes"
	"crypto"
	"crypto/aes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"time"
)

// Pauses before the second, third and fourth attempt, and before those that SendOpen makes.
var (
	quickPauses = []time.Duration{2 * time.Second, 2 * time.Second, 2 * time.Second}
	laterPauses = []time.Duration{10 * time.Minute, 30 * time.Minute}
)

const clockTolerance = 5 * time.Minute

// fields of an operation: the one that names the thing, and the one with the time of the event. The
// first path and the third are inferred; the path is part of what is signed, so ask AlipayHK for
// the real one. The card has neither an event time nor a requestId.
var fields = map[string]struct{ thing, eventTime string }{
	"/api/open/v1/alipayhk/merchant/outAccount/additionalInfo/sync": {"accountId", "requestTime"},
	"/api/open/alipay/v1/promotion/binding/sync":                    {"externalIdentityValue", "bizTime"},
	"/api/open/v1/alipayhk/merchant/outAccount/paymentInfo/sync":    {"accountId", "requestTime"},
	"/api/open/alipay/v1/merchant/order/sync":                       {"merchantBizNo", "orderModifyTime"},
	"/api/open/alipay/v1/ipass/pass/manage/updatePass":              {"passId", ""},
}

// UntrustedError says that a response is not authenticated. Code is what it states: a hint for
// people only.
type UntrustedError struct{ Reason, Code string }

func (e *UntrustedError) Error() string { return e.Reason }

// Client calls AlipayHK for one merchant.
type Client struct {
	BaseURL      string
	ClientID     string
	MerchantKey  *rsa.PrivateKey        // signs requests, decrypts responses
	PlatformKeys map[int]*rsa.PublicKey // verify responses, by version; the newest encrypts requests
	Encrypt      bool
	Outbox       string // a folder: one file for each open message
	PauseFactor  float64
	HTTP         *http.Client // its Timeout covers the whole response
	lastEvents   map[string]int64
}

// Outcome is what is known of a message. S: done. F: refused, finally. U: unknown, and in the
// outbox; NextIn is then the pause before its next attempt, 0 after the last one.
type Outcome struct {
	Status, Code, Reason string
	OrderStatus          string
	NextIn               time.Duration
	Alerted              bool // a person was told
}

// NextInMs is nil after the last attempt, as in JSON.
func (o *Outcome) NextInMs() any {
	if o.NextIn == 0 {
		return nil
	}
	return o.NextIn.Milliseconds()
}

type result struct {
	ResultCode, ResultStatus, ResultMessage string
}

// answer is a verified response. The membership card calls its result resultInfo.
type answer struct {
	Result, ResultInfo *result
	OrderStatus        string `json:"orderStatus"`
}

func (a *answer) outcome() *result {
	if a.Result == nil {
		return a.ResultInfo
	}
	return a.Result
}

// entry is an open message. Its body is serialised once: every attempt sends the same message,
// requestId included.
type entry struct {
	Path, Body string
	Attempts   int
}

// Send sends one message, and again while its outcome is unknown.
func (c *Client) Send(path string, message map[string]any) (*Outcome, error) {
	names := fields[path]
	if names.eventTime != "" {
		if _, found := message["requestId"]; !found {
			message["requestId"] = newID()
		}
		// A later event of the same thing has a later time, even within one millisecond.
		given, err := strconv.ParseInt(fmt.Sprint(message[names.eventTime]), 10, 64)
		if err != nil {
			return nil, err
		}
		thing := fmt.Sprint(path, message[names.thing])
		if last, found := c.lastEvents[thing]; found && given <= last {
			given = last + 1
		}
		if c.lastEvents == nil {
			c.lastEvents = map[string]int64{}
		}
		c.lastEvents[thing] = given
		message[names.eventTime] = given
	}
	body, err := json.Marshal(message)
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("%d-%s.json", time.Now().UnixNano(), newID())
	open := &entry{Path: path, Body: string(body)}
	outcome, err := c.attempt(name, open)
	for _, pause := range quickPauses {
		if err != nil || outcome.Status != "U" {
			break
		}
		time.Sleep(c.scale(pause))
		outcome, err = c.attempt(name, open)
	}
	return outcome, err
}

// SendOpen makes one more attempt for each open message, oldest first: call it at the start and by
// a timer.
func (c *Client) SendOpen() (outcomes []*Outcome, err error) {
	files, err := filepath.Glob(filepath.Join(c.Outbox, "*.json"))
	if err != nil {
		return nil, err
	}
	sort.Strings(files)
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return outcomes, err
		}
		var open entry
		if err := json.Unmarshal(content, &open); err != nil {
			return outcomes, err
		}
		outcome, err := c.attempt(filepath.Base(file), &open)
		if err != nil {
			return outcomes, err
		}
		outcomes = append(outcomes, outcome)
	}
	return outcomes, nil
}

// attempt rejects only when the outbox cannot be written.
func (c *Client) attempt(name string, open *entry) (*Outcome, error) {
	open.Attempts++
	if err := c.keep(name, open); err != nil { // before the first byte leaves
		return nil, err
	}
	outcome := &Outcome{Status: "U"}
	received, err := c.exchange(open.Path, []byte(open.Body))
	var untrusted *UntrustedError
	switch {
	case errors.As(err, &untrusted):
		outcome.Code, outcome.Reason = untrusted.Code, untrusted.Reason
	case err != nil:
		outcome.Reason = err.Error()
	default:
		said := received.outcome()
		outcome.Code, outcome.Reason = said.ResultCode, said.ResultMessage
		if said.ResultStatus == "S" || said.ResultStatus == "F" {
			outcome.Status, outcome.OrderStatus = said.ResultStatus, received.OrderStatus
			if outcome.Alerted = said.ResultStatus == "F"; outcome.Alerted {
				log.Printf("ALERT %s failed: %s", open.Path, said.ResultCode)
			}
			return outcome, c.keep(name, nil)
		}
	}
	// Unknown: it may have been done.
	later := open.Attempts - len(quickPauses) - 1
	if later < 0 {
		outcome.NextIn = c.scale(quickPauses[0])
	} else if later < len(laterPauses) {
		outcome.NextIn = c.scale(laterPauses[later])
	} else {
		outcome.Alerted = true
		log.Printf("ALERT %s: the outcome is still unknown: %s", open.Path, outcome.Reason)
	}
	return outcome, nil
}

func (c *Client) scale(pause time.Duration) time.Duration {
	if c.PauseFactor == 0 {
		return pause
	}
	return time.Duration(float64(pause) * c.PauseFactor)
}

// keep writes an open message so that it survives the process, or deletes a settled one.
func (c *Client) keep(name string, open *entry) error {
	if c.Outbox == "" {
		return nil
	}
	file := filepath.Join(c.Outbox, name)
	if open == nil {
		return os.Remove(file)
	}
	content, err := json.Marshal(open)
	if err != nil {
		return err
	}
	if err := os.WriteFile(file+".new", content, 0o600); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}

func (c *Client) exchange(path string, body []byte) (*answer, error) {
	header := http.Header{"Content-Type": {"application/json; charset=UTF-8"}, "Client-Id": {c.ClientID}}
	if c.Encrypt {
		sealed, encryption, err := c.seal(body)
		if err != nil {
			return nil, err
		}
		body = sealed
		header.Set("Content-Type", "text/plain; charset=UTF-8")
		header.Set("Encrypt", encryption)
	}
	now := time.Now().UTC().Format("2006-01-02T15:04:05+00:00")
	digest := c.digest(path, now, body)
	signature, err := rsa.SignPKCS1v15(rand.Reader, c.MerchantKey, crypto.SHA256, digest)
	if err != nil {
		return nil, err
	}
	header.Set("Request-Time", now)
	header.Set("Signature", "algorithm=RSA256,keyVersion=1,signature="+quoted(signature))

	request, err := http.NewRequest(http.MethodPost, c.BaseURL+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header = header
	response, err := c.HTTP.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}

	// The raw bytes, before they are parsed. The HTTP status says little.
	if err := c.verify(path, response.Header, content); err != nil {
		return nil, err
	}
	isEncrypted := response.Header.Get("Encrypt") != ""
	if c.Encrypt && isEncrypted {
		if content, err = c.open(response.Header, content); err != nil {
			return nil, err
		}
	}
	var received answer
	if err := json.Unmarshal(content, &received); err != nil {
		return nil, err
	}
	if received.outcome() == nil {
		return nil, errors.New("the response has no result")
	}
	// A refusal from before decryption is in the clear. A success never is.
	if c.Encrypt && !isEncrypted && received.outcome().ResultStatus == "S" {
		return nil, &UntrustedError{Reason: "the request was encrypted, but its success is not"}
	}
	return &received, nil
}

// digest of the signed text: POST, path, one line feed, client id, time, body. Nothing after the body.
func (c *Client) digest(path, when string, body []byte) []byte {
	hash := sha256.New()
	fmt.Fprintf(hash, "POST %s\n%s.%s.", path, c.ClientID, when)
	hash.Write(body)
	return hash.Sum(nil)
}

func (c *Client) verify(path string, header http.Header, content []byte) error {
	signatures, times := header.Values("Signature"), header.Values("Response-Time")
	if len(signatures) != 1 || len(times) != 1 { // of a doubled header neither counts
		var stated answer
		untrusted := &UntrustedError{Reason: "the response is not signed"}
		if json.Unmarshal(content, &stated) == nil && stated.outcome() != nil {
			untrusted.Code = stated.outcome().ResultCode
		}
		return untrusted
	}
	version, err := strconv.Atoi(pair("keyVersion", signatures[0]))
	key, found := c.PlatformKeys[version]
	if err != nil || !found {
		return &UntrustedError{Reason: "the response names an unknown key version"}
	}
	signature, err := unquoted(pair("signature", signatures[0]))
	if err == nil {
		err = rsa.VerifyPKCS1v15(key, crypto.SHA256, c.digest(path, times[0], content), signature)
	}
	if err != nil {
		return &UntrustedError{Reason: "the response's signature does not verify: " + err.Error()}
	}
	sent, err := time.Parse(time.RFC3339, times[0])
	if age := time.Since(sent); err != nil || age > clockTolerance || age < -clockTolerance {
		return &UntrustedError{Reason: "Response-Time " + times[0] + " is not of now"}
	}
	return nil
}

// seal encrypts with a fresh AES key (ECB, PKCS#7) and wraps that key with the platform's RSA key.
func (c *Client) seal(plain []byte) (sealed []byte, encryption string, err error) {
	key := make([]byte, 32)
	if _, err = rand.Read(key); err != nil {
		return nil, "", err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, "", err
	}
	fill := aes.BlockSize - len(plain)%aes.BlockSize
	padded := append(append([]byte{}, plain...), bytes.Repeat([]byte{byte(fill)}, fill)...)
	for at := 0; at < len(padded); at += aes.BlockSize { // the standard library has no ECB
		block.Encrypt(padded[at:], padded[at:])
	}
	newest := 0
	for version := range c.PlatformKeys {
		if version > newest {
			newest = version
		}
	}
	wrapped, err := rsa.EncryptPKCS1v15(rand.Reader, c.PlatformKeys[newest], key)
	encryption = fmt.Sprintf("algorithm=RSA_AES,keyVersion=%d,symmetricKey=%s", newest, quoted(wrapped))
	return []byte(base64.StdEncoding.EncodeToString(padded)), encryption, err
}

func (c *Client) open(header http.Header, sealed []byte) ([]byte, error) {
	wrapped, err := unquoted(pair("symmetricKey", header.Get("Encrypt")))
	if err != nil {
		return nil, err
	}
	key, err := rsa.DecryptPKCS1v15(nil, c.MerchantKey, wrapped)
	if err != nil {
		return nil, fmt.Errorf("the response is encrypted for another recipient: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	plain, err := base64.StdEncoding.DecodeString(string(sealed))
	if err != nil || len(plain) == 0 || len(plain)%aes.BlockSize != 0 {
		return nil, errors.New("the response's body is not encrypted")
	}
	for at := 0; at < len(plain); at += aes.BlockSize {
		block.Decrypt(plain[at:], plain[at:])
	}
	fill := int(plain[len(plain)-1])
	if fill == 0 || fill > aes.BlockSize {
		return nil, errors.New("the response's body cannot be decrypted")
	}
	return plain[:len(plain)-fill], nil
}

func quoted(value []byte) string { return url.QueryEscape(base64.StdEncoding.EncodeToString(value)) }

func unquoted(text string) ([]byte, error) {
	encoded, err := url.PathUnescape(text)
	if err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(encoded)
}

// pair is the value of a key in a header like "algorithm=RSA256,keyVersion=1,signature=…".
func pair(key, header string) string {
	for _, item := range strings.Split(header, ",") {
		if name, value, found := strings.Cut(strings.TrimSpace(item), "="); found && name == key {
			return value
		}
	}
	return ""
}
