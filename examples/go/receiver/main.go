// A merchant's server for the calls that AlipayHK makes: verifies the raw body, applies each event
// once, and answers within 3 s, signed. Go's standard library alone (1.19 or newer).
//
//	(cd examples/go && PORT=3000 go run ./receiver)
//
// ALIPAYHK_CLIENT_ID, ALIPAYHK_PRIVATE_KEY (yours) and ALIPAYHK_PLATFORM_KEY (AlipayHK's) as
// `alipayhk-mock env` prints them: keys as bare base64. With several platform versions:
// ALIPAYHK_PLATFORM_KEY_2=… for version 2.
package main

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"
)

const (
	maxAge       = 10 * time.Minute
	maxBodyBytes = 1024 * 1024
)

type object = map[string]any

var (
	clientID   = os.Getenv("ALIPAYHK_CLIENT_ID")
	keyVersion = setting("ALIPAYHK_KEY_VERSION", "1")
	hongKong   = time.FixedZone("HKT", 8*60*60)
	success    = object{"resultCode": "SUCCESS", "resultStatus": "S", "resultMessage": "success"}
	refused    = object{"result": object{"resultCode": "INVALID_SIGNATURE", "resultStatus": "F"}}
	// The claim of an id comes before the work: in production a unique index does it.
	applied sync.Map
)

func main() {
	key, err := privateKey()
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+setting("PORT", "3000"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("receiver listens on http://%s\n", listener.Addr())
	server := &http.Server{
		ReadTimeout: time.Minute,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := receive(w, r, key); err != nil {
				panic(http.ErrAbortHandler) // What breaks off, or is no JSON, applies nothing.
			}
		}),
	}
	log.Fatal(server.Serve(listener))
}

func receive(w http.ResponseWriter, r *http.Request, key *rsa.PrivateKey) error {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBodyBytes))
	if err != nil {
		return err
	}
	answer := refused
	if isTrusted(r, body) {
		var message object
		if err := json.Unmarshal(body, &message); err != nil {
			return err
		}
		answer = handle(r.RequestURI, message)
	}
	return reply(w, r.RequestURI, answer, key)
}

// digest of the signed content: `POST <path>\n<Client-Id>.<time>.<body as it arrived>`.
func digest(path, time string, body []byte) []byte {
	content := append([]byte("POST "+path+"\n"+clientID+"."+time+"."), body...)
	sum := sha256.Sum256(content)
	return sum[:]
}

func isTrusted(r *http.Request, body []byte) bool {
	if r.Method != http.MethodPost || r.Header.Get("Client-Id") != clientID {
		return false
	}
	text := r.Header.Get("Request-Time")
	sent, err := time.Parse(time.RFC3339, text)
	// A captured request must not be worth anything tomorrow.
	if err != nil || time.Since(sent) > maxAge {
		return false
	}
	pairs := map[string]string{}
	for _, pair := range strings.Split(r.Header.Get("Signature"), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
		pairs[name] = value
	}
	encoded, err := url.PathUnescape(pairs["signature"])
	if err != nil || pairs["algorithm"] != "RSA256" {
		return false
	}
	signature, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return false
	}
	key, err := platformKey(pairs["keyVersion"])
	if err != nil {
		return false
	}
	return rsa.VerifyPKCS1v15(key, crypto.SHA256, digest(r.RequestURI, text, body), signature) == nil
}

func handle(path string, message object) object {
	fields := message
	request, isOlderEnvelope := message["request"].(object)
	if isOlderEnvelope {
		fields, _ = request["body"].(object)
	}
	var id any
	for _, name := range []string{"billNo", "acquirementId", "orderId", "requestId"} {
		if value, found := fields[name].(string); found {
			id = value
			_, isKnown := applied.LoadOrStore(id, true)
			// Here the points are added, the order is created: once.
			event, _ := json.Marshal(object{"path": path, "id": id, "isNew": !isKnown})
			fmt.Println(string(event))
			break
		}
	}
	if isOlderEnvelope {
		body := object{"resultInfo": success}
		return object{"response": object{"head": object{"respTime": now()}, "body": body}}
	}
	if strings.Contains(path, "top_up") {
		return object{"result": success, "acquiringSite": "aboss", "orderInfo": object{"id": id}}
	}
	return object{"result": success}
}

func reply(w http.ResponseWriter, path string, answer object, key *rsa.PrivateKey) error {
	body, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	time := now()
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest(path, time, body))
	if err != nil {
		return err
	}
	value := url.QueryEscape(base64.StdEncoding.EncodeToString(signature))
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.Header().Set("Client-Id", clientID)
	w.Header().Set("Response-Time", time)
	w.Header().Set("Signature", "algorithm=RSA256,keyVersion="+keyVersion+",signature="+value)
	_, err = w.Write(body)
	return err
}

func now() string {
	return time.Now().In(hongKong).Format("2006-01-02T15:04:05-07:00")
}

func privateKey() (*rsa.PrivateKey, error) {
	der, err := base64.StdEncoding.DecodeString(os.Getenv("ALIPAYHK_PRIVATE_KEY"))
	if err != nil {
		return nil, err
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	if rsaKey, isRSA := key.(*rsa.PrivateKey); isRSA {
		return rsaKey, nil
	}
	return nil, fmt.Errorf("ALIPAYHK_PRIVATE_KEY is not an RSA key in PKCS#8: %v", err)
}

func platformKey(version string) (*rsa.PublicKey, error) {
	text := setting("ALIPAYHK_PLATFORM_KEY_"+version, os.Getenv("ALIPAYHK_PLATFORM_KEY"))
	der, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, err
	}
	key, err := x509.ParsePKIXPublicKey(der)
	if rsaKey, isRSA := key.(*rsa.PublicKey); isRSA {
		return rsaKey, nil
	}
	return nil, errors.New("the platform's key is not an RSA key")
}

func setting(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}
