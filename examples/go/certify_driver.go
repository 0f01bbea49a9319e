package main

import "encoding/json"
import "os"

// certify does one job: alipayhk-mock certify -- ./complete-client -certify
func certify() {
	var job struct {
		Action, Path string
		Sealed       bool
		Messages     []object
	}
	decoder := json.NewDecoder(os.Stdin)
	decoder.UseNumber()
	check(decoder.Decode(&job))
	client, outcomes, claims := fromEnvironment(), []*Outcome{}, []object{}
	client.Encrypt, client.Outbox = job.Sealed, os.Getenv("ALIPAYHK_CERTIFY_STATE")
	client.PauseFactor = number(os.Getenv("ALIPAYHK_CERTIFY_PAUSE_FACTOR"))
	if job.Action == "resume" {
		outcomes = must(client.SendOpen())
	}
	for _, message := range job.Messages {
		outcomes = append(outcomes, must(client.Send(job.Path, message)))
	}
	for _, one := range outcomes {
		claims = append(claims, object{"outcome": one.Status, "resultCode": one.Code, "alerted": one.Alerted,
			"nextAttemptInMs": one.NextInMs(), "observed": object{"orderStatus": one.OrderStatus}})
	}
	check(json.NewEncoder(os.Stdout).Encode(object{"outcomes": claims}))
}
