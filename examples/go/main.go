// A complete client of all five operations, with Go's standard library alone (1.19 or newer). From the project's folder:
//
//	(cd examples/go && go run . [-encrypt])
//
// Exit code 0 only if every response is signed by the platform and its status is S.
package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
	"strconv"
	"time"
)

type object map[string]any

func main() {
	encrypt := flag.Bool("encrypt", false, "encrypt the bodies")
	asDriver := flag.Bool("certify", false, "do the job of alipayhk-mock certify that is on stdin")
	flag.Parse()
	if *asDriver {
		certify()
		return
	}

	clientID := setting("CLIENT_ID", "4Q5Y8W0WSG45P907917")
	client := &Client{
		BaseURL:     setting("BASE_URL", "http://127.0.0.1:8852"),
		ClientID:    clientID,
		MerchantKey: privateKey(der(setting("MERCHANT_KEY", "../../keys/clients/"+clientID+"/v1.private.pem"))),
		PlatformKeys: map[int]*rsa.PublicKey{
			1: publicKey(der(setting("PLATFORM_KEY", "../../keys/platform/v1.public.pem"))),
		},
		Encrypt:     *encrypt,
		PauseFactor: number(setting("PAUSE_FACTOR", "1")),
		HTTP:        &http.Client{Timeout: 8 * time.Second},
	}

	failures := 0
	for _, call := range calls(time.Now().UnixMilli()) {
		outcome, err := client.Send(call.path, call.message)
		check(err)
		fmt.Printf("%s %s: %s\n", outcome.Status, call.path, outcome.Reason)
		if outcome.Status != "S" {
			failures++
		}
	}
	if failures > 0 {
		os.Exit(1)
	}
}

// fromEnvironment makes a client of the ALIPAYHK_* variables, whose keys are bare base64.
func fromEnvironment() *Client {
	keys := map[int][]byte{} // base64 in JSON
	check(json.Unmarshal([]byte(os.Getenv("ALIPAYHK_PLATFORM_KEYS")), &keys))
	client := &Client{
		BaseURL:      os.Getenv("ALIPAYHK_BASE_URL"),
		ClientID:     os.Getenv("ALIPAYHK_CLIENT_ID"),
		MerchantKey:  privateKey(must(base64.StdEncoding.DecodeString(os.Getenv("ALIPAYHK_PRIVATE_KEY")))),
		PlatformKeys: map[int]*rsa.PublicKey{},
		HTTP:         &http.Client{Timeout: time.Duration(number(setting("TIMEOUT_SECONDS", "8")) * 1e9)},
	}
	for version, key := range keys {
		client.PlatformKeys[version] = publicKey(key)
	}
	return client
}

type call struct {
	path    string
	message object
}

func calls(now int64) []call {
	const user = "2160120074526881"
	return []call{
		{"/api/open/v1/alipayhk/merchant/outAccount/additionalInfo/sync", object{
			"openId":          user,
			"requestTime":     now,
			"accountId":       "85291234567",
			"type":            "TELECOM",
			"subType":         "MOBILE_SERVICE",
			"status":          "VALID",
			"autoDebitStatus": "AUTO_DEBIT",
		}},
		{"/api/open/alipay/v1/promotion/binding/sync", object{
			"bizTime":               now,
			"bizType":               "BINDING_SYNC",
			"operateType":           "BIND",
			"externalIdentityType":  "UID",
			"externalIdentityValue": "hb-0088231",
			"userId":                user,
			"bindingTargetType":     "PHONE",
			"bindingTarget":         "85291234567",
		}},
		{"/api/open/v1/alipayhk/merchant/outAccount/paymentInfo/sync", object{
			"openId":        user,
			"requestTime":   now,
			"accountId":     "85291234567",
			"type":          "TELECOM",
			"status":        "VALID",
			"merchant":      object{"merchantAccountId": "2160400000002012"},
			"amount":        12800,
			"currencyCode":  "HKD",
			"paymentResult": "SUCCESS",
			"paymentDate":   now,
			"actionUrl":     "alipayhk://platformapi/startapp?appId=20000067",
		}},
		{"/api/open/alipay/v1/merchant/order/sync", object{
			"merchantBizNo":   "MOV" + newID()[:16],
			"orderStatus":     "TICKETED",
			"openId":          user,
			"merchantBizType": "MOVIE_TICKET",
			"orderCreateTime": now,
			"orderModifyTime": now,
			"amount":          object{"value": "22000", "currency": "HKD"},
			"extInfo":         object{"cinema": object{"zh_HK": "星光戲院", "en_US": "Starlight Cinema"}},
		}},
		{"/api/open/alipay/v1/ipass/pass/manage/updatePass", object{
			"merchantId":       "2160400000002012",
			"userId":           user,
			"passId":           fmt.Sprintf("PASS%d", now),
			"status":           "UPDATE",
			"updateDetailType": "UPDATE_MEMBER_CARD",
			"dataInfo":         object{"$points$": "1280", "$level$": "金卡會員"},
		}},
	}
}

func newID() string {
	id := make([]byte, 16)
	_, err := rand.Read(id)
	check(err)
	return hex.EncodeToString(id)
}

func privateKey(der []byte) *rsa.PrivateKey {
	key, err := x509.ParsePKCS8PrivateKey(der)
	check(err)
	return key.(*rsa.PrivateKey)
}

func publicKey(der []byte) *rsa.PublicKey {
	key, err := x509.ParsePKIXPublicKey(der)
	check(err)
	return key.(*rsa.PublicKey)
}

func der(file string) []byte {
	content, err := os.ReadFile(file)
	check(err)
	block, _ := pem.Decode(content)
	if block == nil {
		log.Fatalf("%s: not a PEM file", file)
	}
	return block.Bytes
}

func number(text string) float64 {
	value, err := strconv.ParseFloat(text, 64)
	check(err)
	return value
}

func setting(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

func must[T any](value T, err error) T {
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
