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
	mathrand "math/rand"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// ErrUnverified says that nothing vouches for an answer.
var ErrUnverified = errors.New("unverified answer")

// ErrOutcomeUnknown means that the request may or may not have been handled: send the same message
// again later, or ask.
var ErrOutcomeUnknown = errors.New("outcome unknown")

const attempts = 5

// Client calls AlipayHK for one merchant.
type Client struct {
	BaseURL     string
	ClientID    string
	MerchantKey *rsa.PrivateKey // signs requests, opens encrypted answers
	PlatformKey *rsa.PublicKey  // verifies answers, seals requests
	Encrypt     bool
	HTTP        *http.Client
}

// Result is the result in every response.
type Result struct {
	ResultCode, ResultStatus, ResultMessage string
}

// Answer is a verified answer. The membership card calls its result resultInfo.
type Answer struct {
	Result, ResultInfo *Result
	OrderID            string `json:"orderId"`
	OrderStatus        string `json:"orderStatus"`
}

// Outcome is the result, whichever of its names it came under.
func (a *Answer) Outcome() *Result {
	if a.Result == nil {
		return a.ResultInfo
	}
	return a.Result
}

// Call sends a message until it has a verified S or F, or ErrOutcomeUnknown after some attempts.
func (c *Client) Call(path string, message any) (*Answer, error) {
	body, err := json.Marshal(message) // once: every attempt sends the same message, requestId included
	if err != nil {
		return nil, err
	}
	var trouble error
	for attempt := 0; attempt < attempts; attempt++ {
		if attempt > 0 {
			pause := time.Duration(100<<attempt) * time.Millisecond
			time.Sleep(pause/2 + time.Duration(mathrand.Int63n(int64(pause/2))))
		}
		answer, err := c.exchange(path, body)
		switch {
		case err != nil:
			trouble = err // no answer that counts: it may have been done
		case answer.Outcome() == nil:
			trouble = errors.New("the answer has no result")
		case answer.Outcome().ResultStatus == "U":
			trouble = errors.New(answer.Outcome().ResultMessage)
		default:
			return answer, nil
		}
	}
	return nil, fmt.Errorf("%w: %s: %v", ErrOutcomeUnknown, path, trouble)
}

func (c *Client) exchange(path string, body []byte) (*Answer, error) {
	header := http.Header{"Content-Type": {"application/json; charset=UTF-8"}, "Client-Id": {c.ClientID}}
	if c.Encrypt {
		sealed, wrapped, err := c.seal(body)
		if err != nil {
			return nil, err
		}
		body = sealed
		header.Set("Content-Type", "text/plain; charset=UTF-8")
		header.Set("Encrypt", "algorithm=RSA_AES,keyVersion=1,symmetricKey="+wrapped)
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

	// The raw bytes, before anything is read from them. The HTTP status says little.
	if err := c.verify(path, response.Header, content); err != nil {
		return nil, err
	}
	if c.Encrypt {
		if content, err = c.open(response.Header, content); err != nil {
			return nil, err
		}
	}
	var answer Answer
	return &answer, json.Unmarshal(content, &answer)
}

// digest of the signed text: POST, path, one line feed, client id, time, body. Nothing after the body.
func (c *Client) digest(path, when string, body []byte) []byte {
	hash := sha256.New()
	fmt.Fprintf(hash, "POST %s\n%s.%s.", path, c.ClientID, when)
	hash.Write(body)
	return hash.Sum(nil)
}

func (c *Client) verify(path string, header http.Header, content []byte) error {
	signature, err := unquoted(pair("signature", header.Get("Signature")))
	when := header.Get("Response-Time")
	if err != nil || len(signature) == 0 || when == "" {
		return fmt.Errorf("%w: it is not signed", ErrUnverified)
	}
	if err := rsa.VerifyPKCS1v15(c.PlatformKey, crypto.SHA256, c.digest(path, when, content), signature); err != nil {
		return fmt.Errorf("%w: %v", ErrUnverified, err)
	}
	return nil
}

// seal encrypts with a fresh AES key (ECB, PKCS#7) and wraps that key with the platform's RSA key.
func (c *Client) seal(plain []byte) (sealed []byte, wrapped string, err error) {
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
	wrappedKey, err := rsa.EncryptPKCS1v15(rand.Reader, c.PlatformKey, key)
	return []byte(base64.StdEncoding.EncodeToString(padded)), quoted(wrappedKey), err
}

func (c *Client) open(header http.Header, sealed []byte) ([]byte, error) {
	wrapped, err := unquoted(pair("symmetricKey", header.Get("Encrypt")))
	if err != nil {
		return nil, err
	}
	key, err := rsa.DecryptPKCS1v15(nil, c.MerchantKey, wrapped)
	if err != nil {
		return nil, fmt.Errorf("the answer is not encrypted for us: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	plain, err := base64.StdEncoding.DecodeString(string(sealed))
	if err != nil || len(plain) == 0 || len(plain)%aes.BlockSize != 0 {
		return nil, errors.New("the answer's body is no sealed body")
	}
	for at := 0; at < len(plain); at += aes.BlockSize {
		block.Decrypt(plain[at:], plain[at:])
	}
	fill := int(plain[len(plain)-1])
	if fill == 0 || fill > aes.BlockSize {
		return nil, errors.New("the answer's body does not open")
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
