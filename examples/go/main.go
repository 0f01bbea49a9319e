// A complete client of all five operations, with Go's standard library alone (1.19 or newer). From the project's folder:
//
//	(cd examples/go && go run . [-encrypt])
//
// Exit code 0 only if every answer is signed by the platform and says success.
package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"
)

type object map[string]any

func main() {
	encrypt := flag.Bool("encrypt", false, "encrypt the bodies")
	flag.Parse()

	clientID := setting("CLIENT_ID", "4Q5Y8W0WSG45P907917")
	client := &Client{
		BaseURL:     setting("BASE_URL", "http://127.0.0.1:8852"),
		ClientID:    clientID,
		MerchantKey: privateKey(setting("MERCHANT_KEY", "../../keys/clients/"+clientID+"/v1.private.pem")),
		PlatformKey: publicKey(setting("PLATFORM_KEY", "../../keys/platform/v1.public.pem")),
		Encrypt:     *encrypt,
		HTTP:        &http.Client{Timeout: 10 * time.Second},
	}

	failures := 0
	for _, call := range calls(time.Now().UnixMilli()) {
		answer, err := client.Call(call.path, call.message)
		if err != nil {
			fmt.Println("U", err)
			failures++
			continue
		}
		outcome := answer.Outcome()
		fmt.Printf("%s %s: %s\n", outcome.ResultStatus, call.path, outcome.ResultMessage)
		if outcome.ResultStatus != "S" {
			failures++
		}
	}
	if failures > 0 {
		os.Exit(1)
	}
}

type call struct {
	path    string
	message object
}

func calls(now int64) []call {
	const user = "2160120074526881"
	return []call{
		// This path and the next are inferred; the path is part of what is signed, so ask AlipayHK for the real one.
		{"/api/open/v1/alipayhk/merchant/outAccount/additionalInfo/sync", object{
			"openId":          user,
			"requestId":       newID(),
			"requestTime":     now,
			"accountId":       "85291234567",
			"type":            "TELECOM",
			"subType":         "MOBILE_SERVICE",
			"status":          "VALID",
			"autoDebitStatus": "AUTO_DEBIT",
		}},
		{"/api/open/alipay/v1/promotion/binding/sync", object{
			"requestId":             newID(),
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
			"requestId":     newID(),
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
			"requestId":       newID(),
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
	if _, err := rand.Read(id); err != nil {
		log.Fatal(err)
	}
	return hex.EncodeToString(id)
}

func privateKey(file string) *rsa.PrivateKey {
	key, err := x509.ParsePKCS8PrivateKey(der(file))
	if err != nil {
		log.Fatalf("%s: %v", file, err)
	}
	return key.(*rsa.PrivateKey)
}

func publicKey(file string) *rsa.PublicKey {
	key, err := x509.ParsePKIXPublicKey(der(file))
	if err != nil {
		log.Fatalf("%s: %v", file, err)
	}
	return key.(*rsa.PublicKey)
}

func der(file string) []byte {
	content, err := os.ReadFile(file)
	if err != nil {
		log.Fatal(err)
	}
	block, _ := pem.Decode(content)
	if block == nil {
		log.Fatalf("%s: no PEM", file)
	}
	return block.Bytes
}

func setting(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}
