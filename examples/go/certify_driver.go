package main

import (
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"os"
	"time"
)

// certify does one job: alipayhk-mock certify -- ./complete-client -certify
func certify() {
	var job struct {
		Action, Path string
		Sealed       bool
		Message      object
		Messages     []object
	}
	decoder := json.NewDecoder(os.Stdin)
	decoder.UseNumber()
	check(decoder.Decode(&job))
	keys, env := map[int][]byte{}, os.Getenv
	check(json.Unmarshal([]byte(env("ALIPAYHK_PLATFORM_KEYS")), &keys)) // []byte is base64 in JSON
	merchantKey, err := base64.StdEncoding.DecodeString(env("ALIPAYHK_PRIVATE_KEY"))
	check(err)
	client := &Client{BaseURL: env("ALIPAYHK_BASE_URL"), ClientID: env("ALIPAYHK_CLIENT_ID"), Encrypt: job.Sealed,
		MerchantKey: privateKey(merchantKey), PlatformKeys: map[int]*rsa.PublicKey{}}
	for version, key := range keys {
		client.PlatformKeys[version] = publicKey(key)
	}
	client.Outbox, client.PauseFactor = env("ALIPAYHK_CERTIFY_STATE"), number(env("ALIPAYHK_CERTIFY_PAUSE_FACTOR"))
	client.HTTP = &http.Client{Timeout: time.Duration(number(setting("TIMEOUT_SECONDS", "8")) * 1e9)}
	var outcomes []*Outcome
	if job.Action == "resume" {
		outcomes, err = client.SendOpen()
		check(err)
	} else if job.Message != nil {
		job.Messages = []object{job.Message}
	}
	for _, message := range job.Messages {
		outcome, err := client.Send(job.Path, message)
		check(err)
		outcomes = append(outcomes, outcome)
	}
	check(json.NewEncoder(os.Stdout).Encode(Report(outcomes)))
}
