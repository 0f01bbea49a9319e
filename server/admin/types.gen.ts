/* Generated from openapi/admin.yaml by npm run generate. */

export interface paths {
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process runs. */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether requests are accepted; false while the simulator stops or its store cannot be used. */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/platform-key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The platform's public key, as PEM or as the bare base64 line. */
        get: operations["platformKey"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/platform-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every version of the platform's keys, with public halves and validity. */
        get: operations["platformKeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/llms.txt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The index of the package's documentation, for language models. */
        get: operations["llmsText"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tls-ca": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The authority that clients of the HTTPS listener must trust, as PEM. */
        get: operations["tlsAuthority"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/fidelity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The fidelity register, what is documented and what is inferred. */
        get: operations["fidelity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document, as JSON. */
        get: operations["adminContract"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document as a page (Swagger UI, served from the package), at `/docs/`. */
        get: operations["docs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/contract": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The contract of the five operations as it is served, with the settings applied. */
        get: operations["contract"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every setting with its value; tokens are redacted. */
        get: operations["settings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Prometheus metrics; labels have only values of the contract. */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happens, as it happens (server-sent events).
         * @description Each event has an id. After a lost connection send `Last-Event-ID` (or `?lastEventId=`):
         *     what was missed is sent again, or an event `gap` says that some of it is lost; then read
         *     `/journal` again. A reader that is too slow also gets a `gap`, so nothing is queued for it.
         *     A comment line is sent every 15 seconds.
         *
         *     | event | data |
         *     | --- | --- |
         *     | `hello` | `{run, number, now}`: first of every connection; the id of this run of the simulator, and the newest exchange's number. A new `run` means that the simulator was restarted; without `--data` its state is lost |
         *     | `exchange` | an ExchangeSummary |
         *     | `diagnosis` | an ExchangeSummary again: its diagnosis was pending and is now complete |
         *     | `gap` | `{missed}`: the number of lost events |
         *     | `reset` | `{what, clientId?}`: `journal`, `state`, `request-ids`, `scenarios`, `client`, `everything` |
         *     | `clients` | `{clientId, change}`: `created`, `dropped`, `keys` |
         *     | `scenarios` | `{active, clientId?}` |
         *     | `one-shots` | `{clientId, queued}`: the queue was changed through this API |
         *     | `clock` | a ClockState, with `clientId` when it is a client's own |
         *     | `state` | `{clientId}`: changed through this API |
         *     | `outbound` | `{id, clientId}`: a message to the merchant was planned, sent or cancelled |
         *     | `lint` | a LintFinding that is new, or worse than before |
         *     | `verdict` | `{run, case, variant?, operation, clientId, verdict}`: a case of certify is judged |
         */
        get: operations["events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/send": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Signs a request as a client whose private key the simulator has, sends it to the simulator, and verifies the response. */
        post: operations["send"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/mcp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The Model Context Protocol for coding agents, with the setting `mcp`. Without sessions, with responses in JSON. */
        post: operations["mcp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/journal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Exchanges, the newest first. */
        get: operations["listJournal"];
        put?: never;
        post?: never;
        /** Deletes exchanges, all or one client's; the same as `POST /reset/journal`. */
        delete: operations["deleteJournal"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/journal/har": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Exchanges as HTTP Archive 1.2, the oldest first. */
        get: operations["journalAsHar"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/capsule": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Exchanges as a capsule, which another machine replays byte for byte with public keys. */
        get: operations["capsule"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/journal/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One exchange with all details. */
        get: operations["journalEntry"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/journal/{id}/har": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One exchange as HTTP Archive 1.2. */
        get: operations["journalEntryAsHar"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/journal/{id}/curl": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A complete curl command that sends it again. */
        get: operations["journalEntryAsCurl"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/journal/{id}/send": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends the same bytes of an exchange's request again, and returns the response. */
        post: operations["sendAgain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Whether the expected exchanges happened, in number and order, and nothing else.
         * @description Always answers 200, with the result in `passed`. A failure names near misses, the nearest first, with each field that differs.
         */
        post: operations["verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/wait-for": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answers as soon as such exchanges have arrived, at the latest after `withinMs`. */
        post: operations["waitFor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/lint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is wrong with the traffic of clients, once for each rule and client. */
        get: operations["lint"];
        put?: never;
        post?: never;
        /** Deletes findings and coverage, and what both remember of the traffic. */
        delete: operations["clearLint"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/lint/allowances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Expects findings of a rule, and so silences them, those of before included.
         * @description An allowance of a client ends when the client is deleted or reset.
         */
        post: operations["allowLint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/coverage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the traffic has covered since the start or the last deletion. */
        get: operations["coverage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/certify/cases/{caseId}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Starts a case of certify, whose jobs the caller's own tests do.
         * @description The case gets a client of its own, and the simulator answers it as the case says. Make the application do the job, then call finish with what the application believes.
         */
        post: operations["startCase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/certify/cases/{caseId}/finish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reports what the application believes; answers the next job, or the verdict. */
        post: operations["finishCase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/clients": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every client, from the key folder or created since. */
        get: operations["listClients"];
        put?: never;
        /** Creates a client with its own world. */
        post: operations["createClient"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/clients/{clientId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One client. */
        get: operations["showClient"];
        put?: never;
        post?: never;
        /** Deletes a client that was created here, with its keys, state and journal. */
        delete: operations["dropClient"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/clients/{clientId}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A client's key versions with their public halves and validity. */
        get: operations["listKeys"];
        put?: never;
        /**
         * Adds a key version; with `overlapMs` the earlier versions stay valid for that time.
         * @description Lasts as long as the process; the key folder is not changed (`alipayhk-mock keys rotate` does that). With `publicKey` the client's own key is registered; without it a pair is generated and its private half is returned once.
         */
        post: operations["rotateKeys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/clients/{clientId}/keys/{algorithm}/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Retires a key version now; requests signed with it get KEY_NOT_FOUND. */
        delete: operations["retireKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/clients/{clientId}/scenarios": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Activates scenarios for this client only. */
        put: operations["activateForClient"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/clients/{clientId}/one-shots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The rules that are queued for the client's next calls. */
        get: operations["listOneShots"];
        put?: never;
        /** Queues a rule for the client's next calls; it is removed after it has answered `times` calls. */
        post: operations["queueOneShot"];
        /** Empties the queue. */
        delete: operations["clearOneShots"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/clients/{clientId}/one-shots/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Puts a rule in the place of a queued one; its calls count from 0 again. */
        put: operations["replaceOneShot"];
        post?: never;
        /** Removes one rule from the queue. */
        delete: operations["removeOneShot"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/clients/{clientId}/clock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The client's own clock, which follows the simulator's. */
        get: operations["readClientClock"];
        /** Moves the client's clock. */
        put: operations["moveClientClock"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/outbound": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Messages to merchants with their plan, the newest first. */
        get: operations["listOutbound"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/outbound/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The calls that AlipayHK makes to merchants, and where they would go. */
        get: operations["listOutboundCalls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/clients/{clientId}/outbound": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Has the merchant called. The address is the one of `outbound.targets`; no request can name another. */
        post: operations["sendOutbound"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/clients/{clientId}/outbound/{messageId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A message with its attempts. */
        get: operations["readOutbound"];
        put?: never;
        post?: never;
        /** Cancels a message - it is not sent again. It stays in the list. */
        delete: operations["cancelOutbound"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/clients/{clientId}/outbound/{messageId}/send": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends a message now, whatever its plan says, and returns it with the attempt. */
        post: operations["sendOutboundNow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The number of records of each client. */
        get: operations["stateOverview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/state/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The whole state, as one document. */
        get: operations["exportState"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/state/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Imports a document of `/state/export`, as durably as any change. Worlds that it does not name stay. */
        post: operations["importState"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/clients/{clientId}/state/{collection}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Records of one collection, in order of arrival. */
        get: operations["listRecords"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/clients/{clientId}/state/{collection}/{recordId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One record. */
        get: operations["readRecord"];
        /** Stores one record and replaces an existing one. For preparing a test. */
        put: operations["putRecord"];
        post?: never;
        /** Deletes one record. */
        delete: operations["deleteRecord"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scenarios": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every scenario, and which are active for all clients. */
        get: operations["listScenarios"];
        /** Activates scenarios for all clients, in order. */
        put: operations["activateScenarios"];
        /** Adds the text of a scenario file; it replaces an uploaded scenario of the same name. */
        post: operations["uploadScenario"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scenarios/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reports the problems of a scenario file's text, as `alipayhk-mock scenarios check` does; changes nothing. */
        post: operations["checkScenario"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scenarios/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One scenario with its text. */
        get: operations["showScenario"];
        put?: never;
        post?: never;
        /** Deletes an uploaded scenario, and deactivates it where it was active. */
        delete: operations["withdrawScenario"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/clock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The simulator's clock. */
        get: operations["readClock"];
        /** Moves the simulator's clock; every client's clock follows it. */
        put: operations["moveClock"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/seed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The seed of ids, symmetric keys and random delays; with 0, ids and keys are cryptographically random. */
        get: operations["readSeed"];
        /** Sets the seed; every client's sequence starts again. */
        put: operations["setSeed"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/doctor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Diagnoses why the signature of a copied message does not verify, or why its body cannot be decrypted. */
        post: operations["diagnose"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reset/journal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Deletes exchanges, and the record of evictions. State stays. */
        post: operations["resetJournal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reset/state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Deletes accounts, linkages, payments, orders and cards. Request ids and story states stay. */
        post: operations["resetState"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reset/request-ids": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Deletes the requestIds with their responses. Everything else stays. */
        post: operations["resetRequestIds"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reset/scenarios": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restarts every story, empties queues, and activates the scenarios of the settings. For one client - its stories, its queue, its own scenarios. Uploaded scenarios stay. */
        post: operations["resetScenarios"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reset/clients/{clientId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Resets one client - journal, state, request ids, scenarios, clock. Its keys stay. */
        post: operations["resetClient"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reset/everything": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Resets the simulator to its state after the start - all of the above for all clients, clocks and seed; created clients, added keys and uploads are deleted. */
        post: operations["resetEverything"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        LintReport: {
            findings: components["schemas"]["LintFinding"][];
            allowances: {
                rule: string;
                clientId?: string;
                reason: string;
                /** @description How many occurrences it has silenced. */
                matched: number;
            }[];
            /** @description When the observation began. Milliseconds since 1970. */
            since: number;
            /** @description How many clients, messages and findings were dropped to keep the bounds. */
            evicted: number;
        };
        LintFinding: {
            /** @description Its id; docs/reference/lint-rules.md lists them. */
            rule: string;
            /** @enum {string} */
            severity: "error" | "warning" | "note";
            /** @enum {string} */
            basis: "documented" | "sibling" | "field" | "inferred";
            clientId: string;
            /** @description Those that show the worst occurrence, oldest first. */
            exchanges: {
                number: number;
                /** @description Tracer-Id. */
                id: string;
            }[];
            sentence: string;
            /** @description Members that differ. */
            members: string[];
            remedyId: string;
            /** @description By the client's clock. */
            first: number;
            last: number;
            count: number;
        };
        LintAllowance: {
            rule: string;
            /** @description Absent: findings of every client. */
            clientId?: string;
            reason: string;
        };
        CaseStep: {
            /** @description Name it in finish. */
            run: string;
            /** @description docs/reference/certify-cases.md lists them. */
            case: string;
            variant?: string;
            operation: string;
            /** @description There is a result and no further job. */
            isDone: boolean;
            /** @description What the application has to do: `send` its message, `sendAll` of its messages in this order, or `resume` what is open. */
            job?: {
                protocol?: number;
                job: string;
                /** @enum {string} */
                action: "send" | "sendAll" | "resume";
                operation: string;
                path: string;
                sealed: boolean;
                message?: {
                    [key: string]: unknown;
                };
                /** @description What to send; one of `send`, none of `resume`. */
                messages?: {
                    [key: string]: unknown;
                }[];
                /** @description Where to, as which client, and with which keys. */
                connection?: {
                    baseUrl: string;
                    clientId: string;
                    /** @description PKCS#8 as bare base64. */
                    privateKey: string;
                    keyVersion: number;
                    /** @description SubjectPublicKeyInfo as bare base64, by version. */
                    platformKeys: {
                        [key: string]: string;
                    };
                    /** @description An empty folder, where both share a disk. */
                    state?: string;
                    pauseFactor: number;
                };
            };
            /** @description The case as in the report of certify. */
            result?: {
                /** @enum {string} */
                verdict: "PASS" | "PASS (claimed)" | "PASS (alone)" | "WARN" | "FAIL" | "NOT JUDGED" | "NOT APPLICABLE" | "ERROR" | "XFAIL" | "XPASS";
                checks: ({
                    id: string;
                    /** @enum {string} */
                    verdict: "pass" | "fail" | "warn" | "open" | "n/a";
                    evidence: string;
                    /** @description What was seen. */
                    sentence: string;
                } & {
                    [key: string]: unknown;
                })[];
            } & {
                [key: string]: unknown;
            };
        };
        CaseReport: {
            run: string;
            /**
             * @description What the application believes: AlipayHK has it, has refused it for good, or may have it. UNSUPPORTED: it does not do this.
             * @enum {string}
             */
            outcome: "SUCCESS" | "FAILED" | "UNKNOWN" | "UNSUPPORTED";
            /** @description As the application read it. */
            resultCode?: string;
            reason?: string;
            /** @description When it sends again by itself. */
            nextAttemptInMs?: number;
            /** @description A person was notified. */
            alerted?: boolean;
            observed?: {
                orderStatus?: string;
            };
            /** @description Messages that a resume sent again. */
            resent?: number;
            pausesScaled?: boolean;
        };
        CoverageReport: {
            /** @enum {integer} */
            schema: 1;
            /** @description Version of the contract. */
            contract: string;
            exchanges: number;
            /** @description How many items count. */
            total: number;
            /** @description How many of them were delivered to a client. */
            answered: number;
            /** @description How many were delivered, and what the client did next was right. */
            handled: number;
            groups: {
                id: string;
                title: string;
                total: number;
                answered: number;
                handled: number;
                items: {
                    id: string;
                    /** @description Shown, and not counted. */
                    isOptional: boolean;
                    answered: number;
                    handled: number;
                    /** @description Tracer-Ids. */
                    examples: string[];
                    /** @description How to produce it. */
                    how: string;
                    /** @description The rule that produces it. */
                    oneShot?: Record<string, never>;
                }[];
            }[];
            /** @description What became of each kind of answer to each operation; nothing depends on it. */
            pairs: {
                operation: string;
                /** @enum {string} */
                view: "F" | "U" | "lost" | "untrusted";
                answered: number;
                handled: number;
            }[];
            notIntegrated: string[];
        };
        Error: {
            error: string;
            remedy?: string;
            problems: components["schemas"]["Problem"][];
        };
        Problem: {
            where: string;
            line?: number;
            column?: number;
            message: string;
            remedy: string;
        };
        Readiness: {
            ready: boolean;
            /** @description Why the store cannot be used. */
            reason?: string;
        };
        FidelityEntry: {
            id: string;
            topic: string;
            question: string;
            /** @enum {string} */
            basis: "documented" | "sibling" | "field" | "inferred";
            sources: string;
            default: string;
            /** @description What a calibration observed at a gateway, with the setting `calibration`. */
            observed?: {
                /** @example open-dev.example.com */
                host: string;
                /** Format: date-time */
                at: string;
                /**
                 * @example httpStatus
                 * @example strict.unknownFields
                 */
                setting?: string;
                /** @description Which part of a row without a setting. */
                about?: string;
                /** @enum {string} */
                result: "decided" | "agrees" | "differs-no-setting";
                value?: string;
                /** @description How many runs of a probe it is based on. */
                probes: number;
            }[];
            settings: {
                key: string;
                value?: unknown;
                effect: string;
            }[];
        };
        Setting: {
            key: string;
            /** @description As a config file holds it. */
            value: unknown;
            initial: unknown;
            changed: boolean;
            help: string;
            /** @description Entries of the fidelity register. */
            register?: string;
        };
        /** @enum {string} */
        OperationId: "syncAdditionalInfo" | "syncAccountLinkage" | "syncPaymentInfo" | "syncOrder" | "updateMembershipCard";
        /** @enum {string} */
        Status: "S" | "F" | "U";
        /** @enum {string} */
        Collection: "accounts" | "linkages" | "payments" | "orders" | "cards" | "requests" | "calls" | "stories";
        Moment: string;
        /**
         * @description An exchange's number; only later ones count.
         * @default 0
         */
        Since: number;
        /**
         * @example {
         *       "now": 1767225600000,
         *       "rate": 0
         *     }
         */
        ClockState: {
            now: number;
            rate: number;
            clientId?: string;
        };
        /**
         * @example {
         *       "seed": 42
         *     }
         */
        Seed: {
            seed: number;
        };
        Key: {
            /** @enum {string} */
            algorithm: "RSA256" | "ECC224";
            version: number;
            fingerprint: string;
            /** @description PEM. */
            publicKey: string;
            /** @enum {string} */
            state: "not yet active" | "active" | "retired";
            from?: number;
            until?: number;
            /** @description Whether `/send` can sign with it. */
            privateKeyHeld: boolean;
        };
        Keys: {
            keys: components["schemas"]["Key"][];
        };
        /**
         * @example {
         *       "clientId": "4Q5Y8W0WSG45P907917",
         *       "created": false,
         *       "keys": [
         *         {
         *           "algorithm": "RSA256",
         *           "version": 1,
         *           "fingerprint": "sha256:…"
         *         }
         *       ],
         *       "scenarios": [],
         *       "oneShots": 0,
         *       "clock": {
         *         "now": 1767225600000,
         *         "rate": 1
         *       }
         *     }
         */
        Client: {
            clientId: string;
            /** @description true: created at run time; false: from the key folder. */
            created: boolean;
            keys: {
                /** @enum {string} */
                algorithm: "RSA256" | "ECC224";
                version: number;
                fingerprint: string;
            }[];
            /** @description Active for this client only. */
            scenarios: string[];
            /** @description How many are queued. */
            oneShots: number;
            clock: components["schemas"]["ClockState"];
        };
        Scenario: {
            name: string;
            id?: string;
            description: string;
            /** @description What a correct integration does. */
            integration?: string;
            /** @enum {string} */
            source: "package" | "folder" | "uploaded";
            rules: number;
            operations: components["schemas"]["OperationId"][];
        };
        ScenarioCheck: {
            ok: boolean;
            name?: string;
            problems: components["schemas"]["Problem"][];
            warnings: components["schemas"]["Problem"][];
        };
        /** @enum {string} */
        OutboundCallId: "create-membership" | "bill-notify" | "query-unpaid-bills" | "query-account" | "verify-account" | "top-up" | "query-latest-payment-info" | "unbind-account" | "bind-account" | "create-bill-order" | "create-add-on-order" | "add-on-order-notify" | "payment-notify" | "authorization-cancel-notify" | "sister-payment-notify";
        /** @enum {string} */
        OutboundFaultId: "duplicate" | "parallel-duplicates" | "out-of-order" | "wrong-signature" | "missing-signature" | "foreign-signature" | "changed-body" | "old-request-time" | "rotated-key" | "cut" | "slow" | "extra-fields";
        /**
         * @description `pending`: it is sent when it is due. `exhausted`: the plan has ended without a SUCCESS.
         * @enum {string}
         */
        OutboundState: "pending" | "acknowledged" | "exhausted" | "cancelled";
        OutboundMessage: {
            id: string;
            clientId: string;
            call: components["schemas"]["OutboundCallId"];
            /** @enum {string} */
            kind: "notification" | "query";
            /** @description The entry of the fidelity register. */
            register: string;
            /** @description The configured address; absent when none is configured. */
            target?: string;
            fields: {
                [key: string]: unknown;
            };
            encrypt: boolean;
            fault?: components["schemas"]["OutboundFaultId"];
            /** @description The scenario's rule that asked for it. */
            rule?: string;
            /** @description By the client's clock. */
            createdAt: number;
            state: components["schemas"]["OutboundState"];
            /** @description By the client's clock. */
            nextAttemptAt?: number;
            attempts: components["schemas"]["OutboundAttempt"][];
        };
        OutboundAttempt: {
            /** @description By the client's clock. */
            at: number;
            /** @description Number of its exchange in the journal; 0 when nothing could be sent. */
            exchange: number;
            /** @description SUCCESS, signed and in time. */
            acknowledged: boolean;
            /** @description The result code of the answer, or why it has no result: `TIMEOUT`, `UNREACHABLE`, `NO_RESULT`, … */
            code: string;
            status: components["schemas"]["Status"];
            reason: string;
        };
        OutboundCall: {
            id: components["schemas"]["OutboundCallId"];
            summary: string;
            /** @enum {string} */
            kind: "notification" | "query";
            /** @enum {string} */
            envelope: "plain" | "older";
            register: string;
            /** @enum {string} */
            basis: "documented" | "sibling" | "field" | "inferred";
            /** @description The merchant's path, where a page prints one. */
            path?: string;
            /** @description Names the event. */
            idField?: string;
            /** @description When the event happened. */
            timeField?: string;
            /** @description false: an open template. */
            isComplete: boolean;
            /** @description What no public page says. */
            unknown: string[];
            /** @description What a correct merchant does. */
            merchant: string;
            example: Record<string, never>;
            /** @description Where it goes for the client of the query; absent when nothing is configured. */
            target?: string;
        };
        /**
         * @description The trace of a request with a valid W3C `traceparent`, and the simulator's own span in it. It does not change the answer.
         * @example {
         *       "traceId": "4bf92f3577b34da6a3ce929d0e0e4736",
         *       "parentId": "00f067aa0ba902b7",
         *       "spanId": "53995c3f42cd8ad8"
         *     }
         */
        ExchangeTrace: {
            traceId: string;
            parentId: string;
            spanId: string;
            /** @description The request's `tracestate`. */
            state?: string;
        };
        /**
         * @example {
         *       "number": 17,
         *       "id": "abcdefg123456789012345678901",
         *       "receivedAt": 1767225600000,
         *       "direction": "inbound",
         *       "arrival": {
         *         "order": 17,
         *         "atUs": 5120345
         *       },
         *       "requestCompleteUs": 5120410,
         *       "connection": {
         *         "ordinal": 4,
         *         "position": 2,
         *         "tls": false
         *       },
         *       "delivery": {
         *         "firstByteUs": 5123371,
         *         "lastByteUs": 5123371,
         *         "endedUs": 5123371,
         *         "bytes": 822,
         *         "complete": true,
         *         "endedBy": "keptAlive"
         *       },
         *       "clientId": "4Q5Y8W0WSG45P907917",
         *       "operation": "syncOrder",
         *       "method": "POST",
         *       "target": "/api/open/v1/alipayhk/merchant/template/sync",
         *       "identity": "[\"T-1\"]",
         *       "step": "decide",
         *       "code": "SUCCESS",
         *       "status": "S",
         *       "reason": "a new order",
         *       "tags": [],
         *       "findings": [],
         *       "sealed": false,
         *       "signed": true,
         *       "httpStatus": 200,
         *       "milliseconds": 3,
         *       "requestBytes": 512,
         *       "replyBytes": 140,
         *       "changed": 2
         *     }
         */
        ExchangeSummary: {
            /** @description Counts up from 1 as requests arrive. */
            number: number;
            id: string;
            /** @description By the client's clock, which may be held; in the other direction, when it was sent. */
            receivedAt: number;
            /**
             * @description `outbound`: the platform called the merchant.
             * @enum {string}
             */
            direction: "inbound" | "outbound";
            /** @description Outbound: from 1. */
            attempt?: number;
            /** @description Outbound: when it is sent again, by the client's clock. */
            nextAttemptAt?: number;
            /** @description Outbound only. `signed` is then about the answer, `code` is its result code, or why it has no result: `TIMEOUT`, `UNREACHABLE`, `NO_RESULT`, … */
            outbound?: {
                messageId: string;
                call: components["schemas"]["OutboundCallId"];
                url: string;
                /** @description SUCCESS, signed and in time. */
                acknowledged: boolean;
                /** @description The scenario's rule that asked for it. */
                rule?: string;
            };
            arrival: components["schemas"]["Arrival"];
            /** @description When all of the request had arrived, on the clock of `arrival`; absent when the exchange ended before. */
            requestCompleteUs?: number;
            connection: components["schemas"]["Connection"];
            delivery: components["schemas"]["Delivery"];
            /** @description As the request states it. */
            clientId?: string;
            operation?: components["schemas"]["OperationId"];
            method: string;
            target: string;
            /** @description JSON text of the values that identify the record. */
            identity?: string;
            /** @description As the (decrypted) request states it. */
            requestId?: string;
            /** @description Equal for equal bodies within a run; of an encrypted body, for equal plaintext. */
            contentDigest?: string;
            /** @description The step that decided or refused. */
            step: string;
            /**
             * @description The result code that was answered. `NO_ANSWER`: nothing was decided, or the client
             *     closed the connection before its answer was complete. `none`: the request broke off
             *     before its body ended.
             */
            code: string;
            status: components["schemas"]["Status"];
            reason: string;
            tags: string[];
            /** @description Ids; the doctor's cause first. */
            findings: string[];
            /**
             * @description The diagnosis is pending; `GET /journal/{id}` makes it at once.
             * @constant
             */
            diagnosisPending?: true;
            /** @description The scripted rule that answered. */
            rule?: string;
            trace?: components["schemas"]["ExchangeTrace"];
            sealed: boolean;
            /** @description The request's signature verified. */
            signed: boolean;
            /** @description 0 until the head of the answer was sent. */
            httpStatus: number;
            /** @description From arrival to end. */
            milliseconds: number;
            requestBytes: number;
            /** @description Of the body that was sent. */
            replyBytes: number;
            /** @description Records of the state that changed. */
            changed: number;
        };
        /** @description When a request arrived. Microseconds count from the start of the process; no client's clock moves or stops them. */
        Arrival: {
            /** @description Counts up from 1 as heads of requests have been read. */
            order: number;
            atUs: number;
        };
        Connection: {
            /** @description Counts up from 1 as connections bring their first request. */
            ordinal: number;
            /** @description 1 for the first request on the connection. */
            position: number;
            tls: boolean;
        };
        /** @description What of the answer has left, on the clock of `arrival`. */
        Delivery: {
            /** @description Absent when no byte was sent. */
            firstByteUs?: number;
            /** @description Of the last byte that was sent, whether the answer ends with it or not. */
            lastByteUs?: number;
            endedUs: number;
            /** @description Sent, the head included. */
            bytes: number;
            /** @description The whole message was handed to a connection that was still open and took it. Whether it has arrived is not known. */
            complete: boolean;
            /**
             * @description Who closed the connection; `keptAlive`: it is still open.
             * @enum {string}
             */
            endedBy: "server" | "client" | "keptAlive";
        };
        /** @description A request that has arrived and is not over. */
        OpenExchange: {
            number: number;
            id: string;
            receivedAt: number;
            arrival: components["schemas"]["Arrival"];
            connection: components["schemas"]["Connection"];
            method: string;
            target: string;
            operation?: components["schemas"]["OperationId"];
            /** @description As the request states it; not verified. */
            clientId?: string;
        };
        JournalPage: {
            entries: components["schemas"]["ExchangeSummary"][];
            /** @description All requests in flight, by arrival; the filter does not apply to them. */
            open: components["schemas"]["OpenExchange"][];
            /** @description How many of the kept exchanges match. */
            total: number;
            kept: number;
            bytes?: number;
            /** @description How many were evicted since the start or the last reset; a search cannot find them. */
            evicted: number;
            /** @description Exchanges whose diagnosis is pending. */
            pendingDiagnoses: number;
            /** @description How many were evicted before they were diagnosed. */
            undiagnosed: number;
            /** @description Number of the request that arrived last; a bookmark for `since`. */
            newest: number;
            /** @description `before` (or, oldest first, `since`) of the next page; absent on the last. */
            next?: number;
        };
        Exchange: components["schemas"]["ExchangeSummary"] & {
            /** @description In the order in which they ran; steps that were not reached are absent. */
            steps: {
                name: string;
                microseconds: number;
                refused: boolean;
            }[];
            /** @description Entries of the fidelity register that the result is based on. */
            basis: string[];
            /** @description What was accepted but is probably a mistake. */
            notes: {
                id: string;
                sentence: string;
                register: string;
            }[];
            /** @description Entries of `basis` that a calibration observed, with the setting `calibration`; absent: none. */
            observed?: string[];
            diagnosis?: components["schemas"]["Diagnosis"];
            /** @description Of a repeated request id: the id of the exchange that used it first, while it is in the journal. */
            firstUse?: string;
            scripted?: components["schemas"]["Scripted"];
            request: components["schemas"]["Message"];
            reply: components["schemas"]["Message"] & {
                httpStatus: number;
            };
            /** @description SHA-256 of the symmetric key of an encrypted request; equal for equal keys. */
            symmetricKeyDigest?: string;
            /** @description Which key versions were used; an absent one was not needed or not reached. */
            keyVersions: {
                /** @description The client's, which verified the request's signature. */
                verified?: number;
                /** @description The platform's, which decrypted the body. */
                opened?: number;
                /** @description The platform's, which signed the response. */
                signed?: number;
                /** @description The client's, for which the response is encrypted. */
                sealed?: number;
            };
            changes: components["schemas"]["StateChange"][];
        };
        Message: {
            /** @description By lower-case name; repeated ones joined. */
            headers: {
                [key: string]: string;
            };
            /** @description As on the wire, in order. */
            headerLines: string[][];
            /** @description The bytes on the wire. */
            bodyBase64: string;
            /** @description The same as text, when it is UTF-8. */
            bodyText?: string;
            bytes: number;
            opened?: components["schemas"]["Opened"];
        };
        /** @description The decrypted body; absent when the body was not encrypted, or could not be decrypted. */
        Opened: {
            /** @description true unless the setting `journal.plaintext` is on. */
            redacted: boolean;
            text?: string;
            bodyBase64?: string;
        };
        StateChange: {
            collection: components["schemas"]["Collection"];
            id: string;
            /** @enum {string} */
            kind: "added" | "changed" | "removed";
            /** @description The values come from an encrypted body and are not shown. */
            redacted?: boolean;
            /** @description The record before; null: it did not exist. */
            before?: unknown;
            /** @description The record after; null: it was deleted. */
            after?: unknown;
        };
        Scripted: {
            /** @description `order-fails-twice, rule 1`, `one-shot 1`, `request header`. */
            rule: string;
            fault?: string;
            phase?: string;
            security?: string;
            delayMs?: number;
        };
        Diagnosis: {
            /** @enum {string} */
            subject: "signature" | "sealing";
            /** @enum {string} */
            verdict: "valid" | "mistake" | "unexplained";
            cause?: components["schemas"]["DoctorFinding"];
            alsoCause?: components["schemas"]["DoctorFinding"];
            notes: {
                id: string;
                sentence: string;
            }[];
            /** @description What is proved. */
            evidence: string[];
            /** @description What should have been signed. */
            expected?: {
                contentBase64: string;
                digestHex: string;
            };
            /** @description What the doctor found out about the text that was signed. */
            signed?: {
                hash?: string;
                digestHex?: string;
                contentBase64?: string;
            };
            /** @description Readable, line ends visible. */
            difference?: string;
            spent: {
                hypotheses?: number;
                ms?: number;
            };
            exhausted: boolean;
        };
        DoctorFinding: {
            id: string;
            family: string;
            sentence: string;
            detail?: string;
            /** @description A sentence and code by language. */
            remedy: Record<string, never>;
        };
        Har: {
            log: {
                /** @constant */
                version: "1.2";
                creator: {
                    name: string;
                    version: string;
                };
                comment?: string;
                entries: {
                    startedDateTime: string;
                    time: number;
                    /** @description Ordinal of the connection. */
                    connection?: string;
                    _arrival?: components["schemas"]["Arrival"];
                    _delivery?: components["schemas"]["Delivery"];
                    request: {
                        method: string;
                        url: string;
                        httpVersion: string;
                        cookies: unknown[];
                        headers: components["schemas"]["HarPair"][];
                        queryString: components["schemas"]["HarPair"][];
                        headersSize: number;
                        bodySize: number;
                        postData?: {
                            mimeType: string;
                            text: string;
                        };
                    };
                    response: {
                        status: number;
                        statusText: string;
                        httpVersion: string;
                        cookies: unknown[];
                        headers: components["schemas"]["HarPair"][];
                        content: {
                            size: number;
                            mimeType: string;
                            text?: string;
                            encoding?: string;
                        };
                        redirectURL: string;
                        headersSize: number;
                        bodySize: number;
                        /** @description Bytes that were sent, the head included. */
                        _transferSize?: number;
                        /** @description Present when the response was not sent completely. */
                        _error?: string;
                    };
                    cache: Record<string, never>;
                    timings: {
                        send: number;
                        wait: number;
                        receive: number;
                    };
                    /** @description Code, step and reason. */
                    comment?: string;
                }[];
            };
        };
        HarPair: {
            name: string;
            value: string;
        };
        OpenApiDocument: {
            openapi: string;
            paths: Record<string, never>;
        } & {
            [key: string]: unknown;
        };
        Sent: {
            exchange?: components["schemas"]["ExchangeSummary"];
            request: {
                /** @constant */
                method: "POST";
                target: string;
                headers: {
                    [key: string]: string;
                };
                bodyBase64: string;
                bodyText?: string;
                /** @description The request before encryption. */
                plain?: Record<string, never>;
            };
            /** @description The response; only `transport` if nothing readable arrived. */
            answer: {
                httpStatus?: number;
                headers?: {
                    [key: string]: string;
                };
                bodyBase64?: string;
                bodyText?: string;
                /** @description The response, decrypted if it was encrypted. */
                json?: unknown;
                /** @enum {string} */
                signature?: "verified" | "unsigned" | "bad";
                /** @enum {string} */
                transport?: "reset" | "closed" | "malformed" | "timeout";
            };
        };
        /** @description One text, or any of several. */
        Texts: string | string[];
        /** @description A value, or conditions that must all hold, as in a scenario file. */
        FieldCondition: (string | number | boolean | null) | {
            equals?: string | number | boolean | null;
            prefix?: string;
            regex?: string;
            present?: boolean;
            min?: number;
            max?: number;
        };
        /**
         * @description An exchange that matches all of this. An empty query matches any exchange.
         * @example {
         *       "operation": "syncOrder",
         *       "code": "SUCCESS",
         *       "body": {
         *         "merchantBizNo": "T-1",
         *         "orderStatus": {
         *           "prefix": "TICKET"
         *         }
         *       }
         *     }
         */
        ExchangeQuery: {
            clientId?: components["schemas"]["Texts"];
            /**
             * @description inbound when absent; outbound where `call` is given.
             * @enum {string}
             */
            direction?: "inbound" | "outbound" | "both";
            /** @description A call to the merchant, e.g. `bill-notify`. */
            call?: components["schemas"]["Texts"];
            operation?: components["schemas"]["Texts"];
            code?: components["schemas"]["Texts"];
            status?: components["schemas"]["Texts"];
            step?: components["schemas"]["Texts"];
            finding?: components["schemas"]["Texts"];
            tag?: components["schemas"]["Texts"];
            rule?: components["schemas"]["Texts"];
            /** @description The identity, or one of its values. */
            identity?: string;
            /** @description The request's signature verified. */
            signed?: boolean;
            sealed?: boolean;
            /** @description The whole answer was sent. */
            delivered?: boolean;
            endedBy?: components["schemas"]["Texts"];
            trace?: components["schemas"]["Texts"];
            /** @description Fields of the (decrypted) request by name; nested ones with dots: `amount.currency`. */
            body?: {
                [key: string]: components["schemas"]["FieldCondition"];
            };
        };
        Wait: {
            exchange: components["schemas"]["ExchangeQuery"];
            /** @default 1 */
            count: number;
            clientId?: string;
            since?: components["schemas"]["Since"];
            /** @default 10000 */
            withinMs: number;
        };
        Verification: {
            /** @description Only exchanges of this client count. */
            clientId?: string;
            since?: components["schemas"]["Since"];
            exchanges: {
                exchange: components["schemas"]["ExchangeQuery"];
                /** @description 1 by default. */
                exactly?: number;
                atLeast?: number;
                atMost?: number;
            }[];
            /**
             * @description In the given order, each group before the next.
             * @default false
             */
            inOrder: boolean;
            /**
             * @description No exchange that none of the expectations matches.
             * @default false
             */
            nothingElse: boolean;
            /**
             * @description No request whose signature did not verify.
             * @default false
             */
            nothingUnsigned: boolean;
        };
        Verified: {
            passed: boolean;
            /** @description The number of exchanges that were considered. */
            considered: number;
            /** @description Exchanges that should be considered were evicted; then it never passes. */
            evicted: boolean;
            /** @description Present and true when a replica went without a word; its last exchanges are missing. */
            incomplete?: boolean;
            /** @description Those replicas. */
            missingReplicas?: string[];
            /** @description Ids by expectation. */
            matched: string[][];
            failures: components["schemas"]["VerifyFailure"][];
        };
        VerifyFailure: {
            /** @enum {string} */
            kind: "count" | "order" | "unexpected" | "unsigned" | "evicted";
            /** @description Which of `exchanges`, from 0. */
            expectation?: number;
            message: string;
            /** @description Ids of the exchanges that are too many, out of order, unexpected or unsigned. */
            exchanges: string[];
            nearMisses: components["schemas"]["NearMiss"][];
        };
        NearMiss: {
            exchange: components["schemas"]["ExchangeSummary"];
            differences: {
                /** @description `code`, `body.merchantBizNo`. */
                field: string;
                /** @description As in the query. */
                wanted: unknown;
                /** @description Absent if the exchange has none. */
                got?: unknown;
                /** @description It was in an encrypted body. */
                redacted?: boolean;
            }[];
        };
        WaitResult: {
            arrived: boolean;
            exchanges: components["schemas"]["ExchangeSummary"][];
            waitedMs: number;
            evicted: boolean;
            /** @description Present and true when a replica went without a word; its last exchanges are missing. */
            incomplete?: boolean;
            /** @description Those replicas. */
            missingReplicas?: string[];
            nearMisses: components["schemas"]["NearMiss"][];
        };
        WorldOverview: {
            clientId: string;
            /** @description Records by collection. */
            collections: {
                [key: string]: number;
            };
        };
        /** @description An entity; in `requests` a stored request, in `calls` a count, in `stories` the name of a state. */
        RecordValue: components["schemas"]["Entity"] | components["schemas"]["RememberedRequest"] | number | string;
        Entity: {
            /** @description The last accepted message. */
            fields: Record<string, never>;
            eventTime: number | null;
            /** @description How many messages were accepted, the first included. */
            updates: number;
        };
        RememberedRequest: {
            fingerprint: string;
            /** @description Fingerprint of the JSON value; only with idempotency.compare. */
            content?: string;
            /** @description A short hash of each field, to name what a repeat has changed. */
            fieldHashes?: string;
            answer: {
                code: string;
                status: components["schemas"]["Status"];
                message: string;
                /** @description The exact problem, as in brackets in resultMessage. */
                detail?: string;
                fields: Record<string, never>;
            };
        };
        StoredRecord: {
            id: string;
            /** @description The values that identify the record. */
            identity?: unknown[];
            value: components["schemas"]["RecordValue"];
        };
        /**
         * @example {
         *       "format": "alipayhk-mock/state/v1",
         *       "worlds": []
         *     }
         */
        StateDocument: {
            /** @constant */
            format: "alipayhk-mock/state/v1";
            worlds: {
                clientId: string;
                /** @description By collection: records by id. */
                collections: {
                    accounts?: components["schemas"]["Entities"];
                    linkages?: components["schemas"]["Entities"];
                    payments?: components["schemas"]["Entities"];
                    orders?: components["schemas"]["Entities"];
                    cards?: components["schemas"]["Entities"];
                    requests?: {
                        [key: string]: components["schemas"]["RememberedRequest"];
                    };
                };
            }[];
        };
        Entities: {
            [key: string]: components["schemas"]["Entity"];
        };
    };
    responses: {
        /** @description The place, the problem and the remedy. */
        Error: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": "TEST-8: unknown client\n    Did you mean \"TEST-7\"?",
                 *       "remedy": "Did you mean \"TEST-7\"?",
                 *       "problems": [
                 *         {
                 *           "where": "TEST-8",
                 *           "message": "unknown client",
                 *           "remedy": "Did you mean \"TEST-7\"?"
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["Error"];
            };
        };
    };
    parameters: {
        /** @description Of docs/reference/certify-cases.md, e.g. C-SEC-01. */
        caseId: string;
        clientId: string;
        collection: components["schemas"]["Collection"];
        /** @description Percent-encoded; of an order: `%5B%22T-1%22%5D`. */
        recordId: string;
        /** @description The answer's Tracer-Id, or the exchange's number. */
        exchangeId: string;
        scenario: string;
        /** @description Its `name` in the queue, percent-encoded: `one-shot%201`. */
        oneShot: string;
        /** @description Only this client's; those of all clients when absent. */
        oneClient: string;
        messageId: string;
        /** @description Requests of merchants, calls to merchants, or both. */
        direction: "inbound" | "outbound" | "both";
        /** @description Calls to merchants, any of them. */
        call: string[];
        /** @description Client-Id as the request states it. */
        statedClientId: string;
        /** @description Any of them. */
        operation: string[];
        /** @description Any of these result codes. */
        code: string[];
        /** @description Any of S F U. */
        status: components["schemas"]["Status"][];
        /** @description The step that decided or refused. */
        step: string[];
        /** @description Id of a finding; the doctor's cause counts. */
        finding: string[];
        /** @description duplicate, mismatch, stale, scripted, fault:… */
        tag: string[];
        /** @description The identity, or one of its values. */
        identity: string;
        /** @description Id of the trace that the request's `traceparent` names, 32 hex digits. */
        trace: string[];
        /** @description Received at this time or later; milliseconds since 1970 or ISO 8601. */
        from: components["schemas"]["Moment"];
        /** @description Received before this time. */
        to: components["schemas"]["Moment"];
        /** @description Text in the id, identity, operation, path, clientId, code, step, reason, findings, tags, scripted rule, ids of changed records, or in the first 64 KiB of the request body; in an encrypted one only with `journal.plaintext`. */
        search: string;
        /** @description Only exchanges with a greater number. */
        since: components["schemas"]["Since"];
    };
    requestBodies: {
        OneShot: {
            content: {
                /**
                 * @example {
                 *       "times": 2,
                 *       "when": {
                 *         "operation": "syncOrder"
                 *       },
                 *       "then": {
                 *         "result": "UNKNOWN_EXCEPTION",
                 *         "status": "U"
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @default 1 */
                    times?: number;
                    /** @description As in a scenario file. */
                    when: {
                        [key: string]: unknown;
                    };
                    /** @description As in a scenario file. */
                    then: {
                        [key: string]: unknown;
                    };
                };
            };
        };
        Active: {
            content: {
                /**
                 * @example {
                 *       "active": [
                 *         "net-reset"
                 *       ]
                 *     }
                 */
                "application/json": {
                    active: string[];
                };
            };
        };
        /** @description Exactly one of these. */
        ClockMove: {
            content: {
                /**
                 * @example {
                 *       "freeze": 1767225600000
                 *     }
                 */
                "application/json": {
                    /** @description true freezes the clock at the current time, a time freezes it there. */
                    freeze?: true | number;
                    /** @description The years 1970 to 9997. */
                    set?: number;
                    /** @description The clock must stay within the years 1970 to 9997. */
                    advanceMs?: number;
                    /** @description 1: as fast as the clock that it follows; 0: frozen. */
                    rate?: number;
                    /** @constant */
                    reset?: true;
                };
            };
        };
        ScenarioText: {
            content: {
                /**
                 * @example {
                 *       "yaml": "name: all-orders-fail\ndescription: Every order fails for good.\nrules:\n  - when: { operation: syncOrder }\n    then: { result: PARAM_ILLEGAL }\n"
                 *     }
                 */
                "application/json": {
                    /** @description As in a file of `scenarios/`. */
                    yaml: string;
                };
            };
        };
    };
    headers: never;
    pathItems: never;
}
export type LintReport = components['schemas']['LintReport'];
export type LintFinding = components['schemas']['LintFinding'];
export type LintAllowance = components['schemas']['LintAllowance'];
export type CaseStep = components['schemas']['CaseStep'];
export type CaseReport = components['schemas']['CaseReport'];
export type CoverageReport = components['schemas']['CoverageReport'];
export type Error = components['schemas']['Error'];
export type Problem = components['schemas']['Problem'];
export type Readiness = components['schemas']['Readiness'];
export type FidelityEntry = components['schemas']['FidelityEntry'];
export type Setting = components['schemas']['Setting'];
export type OperationId = components['schemas']['OperationId'];
export type Status = components['schemas']['Status'];
export type Collection = components['schemas']['Collection'];
export type Moment = components['schemas']['Moment'];
export type Since = components['schemas']['Since'];
export type ClockState = components['schemas']['ClockState'];
export type Seed = components['schemas']['Seed'];
export type Key = components['schemas']['Key'];
export type Keys = components['schemas']['Keys'];
export type Client = components['schemas']['Client'];
export type Scenario = components['schemas']['Scenario'];
export type ScenarioCheck = components['schemas']['ScenarioCheck'];
export type OutboundCallId = components['schemas']['OutboundCallId'];
export type OutboundFaultId = components['schemas']['OutboundFaultId'];
export type OutboundState = components['schemas']['OutboundState'];
export type OutboundMessage = components['schemas']['OutboundMessage'];
export type OutboundAttempt = components['schemas']['OutboundAttempt'];
export type OutboundCall = components['schemas']['OutboundCall'];
export type ExchangeTrace = components['schemas']['ExchangeTrace'];
export type ExchangeSummary = components['schemas']['ExchangeSummary'];
export type Arrival = components['schemas']['Arrival'];
export type Connection = components['schemas']['Connection'];
export type Delivery = components['schemas']['Delivery'];
export type OpenExchange = components['schemas']['OpenExchange'];
export type JournalPage = components['schemas']['JournalPage'];
export type Exchange = components['schemas']['Exchange'];
export type Message = components['schemas']['Message'];
export type Opened = components['schemas']['Opened'];
export type StateChange = components['schemas']['StateChange'];
export type Scripted = components['schemas']['Scripted'];
export type Diagnosis = components['schemas']['Diagnosis'];
export type DoctorFinding = components['schemas']['DoctorFinding'];
export type Har = components['schemas']['Har'];
export type HarPair = components['schemas']['HarPair'];
export type OpenApiDocument = components['schemas']['OpenApiDocument'];
export type Sent = components['schemas']['Sent'];
export type Texts = components['schemas']['Texts'];
export type FieldCondition = components['schemas']['FieldCondition'];
export type ExchangeQuery = components['schemas']['ExchangeQuery'];
export type Wait = components['schemas']['Wait'];
export type Verification = components['schemas']['Verification'];
export type Verified = components['schemas']['Verified'];
export type VerifyFailure = components['schemas']['VerifyFailure'];
export type NearMiss = components['schemas']['NearMiss'];
export type WaitResult = components['schemas']['WaitResult'];
export type WorldOverview = components['schemas']['WorldOverview'];
export type RecordValue = components['schemas']['RecordValue'];
export type Entity = components['schemas']['Entity'];
export type RememberedRequest = components['schemas']['RememberedRequest'];
export type StoredRecord = components['schemas']['StoredRecord'];
export type StateDocument = components['schemas']['StateDocument'];
export type Entities = components['schemas']['Entities'];
export type ResponseError = components['responses']['Error'];
export type ParameterCaseId = components['parameters']['caseId'];
export type ParameterClientId = components['parameters']['clientId'];
export type ParameterCollection = components['parameters']['collection'];
export type ParameterRecordId = components['parameters']['recordId'];
export type ParameterExchangeId = components['parameters']['exchangeId'];
export type ParameterScenario = components['parameters']['scenario'];
export type ParameterOneShot = components['parameters']['oneShot'];
export type ParameterOneClient = components['parameters']['oneClient'];
export type ParameterMessageId = components['parameters']['messageId'];
export type ParameterDirection = components['parameters']['direction'];
export type ParameterCall = components['parameters']['call'];
export type ParameterStatedClientId = components['parameters']['statedClientId'];
export type ParameterOperation = components['parameters']['operation'];
export type ParameterCode = components['parameters']['code'];
export type ParameterStatus = components['parameters']['status'];
export type ParameterStep = components['parameters']['step'];
export type ParameterFinding = components['parameters']['finding'];
export type ParameterTag = components['parameters']['tag'];
export type ParameterIdentity = components['parameters']['identity'];
export type ParameterTrace = components['parameters']['trace'];
export type ParameterFrom = components['parameters']['from'];
export type ParameterTo = components['parameters']['to'];
export type ParameterSearch = components['parameters']['search'];
export type ParameterSince = components['parameters']['since'];
export type RequestBodyOneShot = components['requestBodies']['OneShot'];
export type RequestBodyActive = components['requestBodies']['Active'];
export type RequestBodyClockMove = components['requestBodies']['ClockMove'];
export type RequestBodyScenarioText = components['requestBodies']['ScenarioText'];
export type $defs = Record<string, never>;
export interface operations {
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It runs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ready",
                     *       "name": "alipayhk-mock",
                     *       "version": "0.1.0",
                     *       "contract": "0.1.0",
                     *       "scenarios": []
                     *     }
                     */
                    "application/json": {
                        /** @constant */
                        status: "ready";
                        /**
                         * @description The program that answers.
                         * @constant
                         */
                        name: "alipayhk-mock";
                        /** @description Version of the simulator. */
                        version: string;
                        /** @description Version of the contract document. */
                        contract: string;
                        /** @description Active for all clients. */
                        scenarios: string[];
                        /** @description Where several simulators share a store: `usable`, or `not usable` and why. */
                        store?: string;
                    };
                };
            };
            default: components["responses"]["Error"];
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ready. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "ready": true
                     *     }
                     */
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description The simulator stops, or the store that it shares cannot be used. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "ready": false
                     *     }
                     */
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    platformKey: {
        parameters: {
            query?: {
                algorithm?: "RSA256" | "ECC224" | "rsa256" | "ecc224";
                /** @description The newest active one when absent. */
                version?: string;
                format?: "pem" | "base64";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key; its version and fingerprint are in the headers `key-version` and `fingerprint`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            404: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    platformKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All versions. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Keys"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    llmsText: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Markdown; links are paths in the package. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    tlsAuthority: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The certificate. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-pem-file": string;
                };
            };
            404: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    fidelity: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its entries. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        entries: components["schemas"]["FidelityEntry"][];
                    };
                };
            };
            default: components["responses"]["Error"];
        };
    };
    adminContract: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An OpenAPI 3.1 document. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenApiDocument"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    docs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Redirects to `/docs/`, so that the page's own files are found. */
            302: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    contract: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An OpenAPI 3.1 document. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenApiDocument"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    settings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In the order of docs/reference/settings.md. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "settings": [
                     *         {
                     *           "key": "ordering.stale",
                     *           "value": "refuse",
                     *           "initial": "ignore",
                     *           "changed": true,
                     *           "help": "an update whose event time is not newer",
                     *           "register": "O-01"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        settings: components["schemas"]["Setting"][];
                    };
                };
            };
            default: components["responses"]["Error"];
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Text exposition format 0.0.4. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            default: components["responses"]["Error"];
        };
    };
    events: {
        parameters: {
            query?: {
                /** @description Only events of this client, and those of all clients. */
                clientId?: string;
                lastEventId?: string;
            };
            header?: {
                "last-event-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The maximum of 50 readers is reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    send: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "clientId": "4Q5Y8W0WSG45P907917",
                 *       "operation": "syncOrder",
                 *       "example": "MOVIE_TICKET",
                 *       "seal": false
                 *     }
                 */
                "application/json": {
                    clientId: string;
                    operation: components["schemas"]["OperationId"];
                    /** @description The whole request; by default the example with a new requestId and event time. */
                    body?: Record<string, never>;
                    /** @description Name of the contract's example. */
                    example?: string;
                    /** @description Fields that replace those of the example; null removes one. */
                    fields?: Record<string, never>;
                    /** @default false */
                    seal?: boolean;
                    /**
                     * @default RSA256
                     * @enum {string}
                     */
                    algorithm?: "RSA256" | "ECC224";
                    /** @description Further headers, e.g. x-mock-result. */
                    headers?: {
                        [key: string]: string;
                    };
                };
            };
        };
        responses: {
            /** @description The request and the response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
            404: components["responses"]["Error"];
            422: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    mcp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "jsonrpc": "2.0",
                 *       "id": 1,
                 *       "method": "tools/list"
                 *     }
                 */
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description The response message. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description A notification was taken. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            405: components["responses"]["Error"];
            413: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    listJournal: {
        parameters: {
            query?: {
                /** @description Client-Id as the request states it. */
                clientId?: components["parameters"]["statedClientId"];
                /** @description Requests of merchants, calls to merchants, or both. */
                direction?: components["parameters"]["direction"];
                /** @description Calls to merchants, any of them. */
                call?: components["parameters"]["call"];
                /** @description Any of them. */
                operation?: components["parameters"]["operation"];
                /** @description Any of these result codes. */
                code?: components["parameters"]["code"];
                /** @description Any of S F U. */
                status?: components["parameters"]["status"];
                /** @description The step that decided or refused. */
                step?: components["parameters"]["step"];
                /** @description Id of a finding; the doctor's cause counts. */
                finding?: components["parameters"]["finding"];
                /** @description duplicate, mismatch, stale, scripted, fault:… */
                tag?: components["parameters"]["tag"];
                /** @description The identity, or one of its values. */
                identity?: components["parameters"]["identity"];
                /** @description Id of the trace that the request's `traceparent` names, 32 hex digits. */
                trace?: components["parameters"]["trace"];
                /** @description Received at this time or later; milliseconds since 1970 or ISO 8601. */
                from?: components["parameters"]["from"];
                /** @description Received before this time. */
                to?: components["parameters"]["to"];
                /** @description Text in the id, identity, operation, path, clientId, code, step, reason, findings, tags, scripted rule, ids of changed records, or in the first 64 KiB of the request body; in an encrypted one only with `journal.plaintext`. */
                search?: components["parameters"]["search"];
                /** @description Only exchanges with a greater number. */
                since?: components["parameters"]["since"];
                /** @description Only exchanges with a smaller number; `next` of the page before. */
                before?: number;
                limit?: number;
                order?: "newest" | "oldest";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JournalPage"];
                };
            };
            400: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    deleteJournal: {
        parameters: {
            query?: {
                /** @description Only this client's; those of all clients when absent. */
                clientId?: components["parameters"]["oneClient"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    journalAsHar: {
        parameters: {
            query?: {
                /** @description Client-Id as the request states it. */
                clientId?: components["parameters"]["statedClientId"];
                /** @description Requests of merchants, calls to merchants, or both. */
                direction?: components["parameters"]["direction"];
                /** @description Calls to merchants, any of them. */
                call?: components["parameters"]["call"];
                /** @description Any of them. */
                operation?: components["parameters"]["operation"];
                /** @description Any of these result codes. */
                code?: components["parameters"]["code"];
                /** @description Any of S F U. */
                status?: components["parameters"]["status"];
                /** @description The step that decided or refused. */
                step?: components["parameters"]["step"];
                /** @description Id of a finding; the doctor's cause counts. */
                finding?: components["parameters"]["finding"];
                /** @description duplicate, mismatch, stale, scripted, fault:… */
                tag?: components["parameters"]["tag"];
                /** @description The identity, or one of its values. */
                identity?: components["parameters"]["identity"];
                /** @description Id of the trace that the request's `traceparent` names, 32 hex digits. */
                trace?: components["parameters"]["trace"];
                /** @description Received at this time or later; milliseconds since 1970 or ISO 8601. */
                from?: components["parameters"]["from"];
                /** @description Received before this time. */
                to?: components["parameters"]["to"];
                /** @description Text in the id, identity, operation, path, clientId, code, step, reason, findings, tags, scripted rule, ids of changed records, or in the first 64 KiB of the request body; in an encrypted one only with `journal.plaintext`. */
                search?: components["parameters"]["search"];
                /** @description Only exchanges with a greater number. */
                since?: components["parameters"]["since"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Everything that matches and was not evicted; `log.comment` mentions evictions. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Har"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    capsule: {
        parameters: {
            query?: {
                /** @description Tracer-Ids or numbers; all that the other parameters select when absent. */
                id?: string[];
                /** @description The newest so many of them. */
                last?: number;
                /** @description true: with the values that were sent. Otherwise all that the contract does not contain are replaced by pseudonyms, and what was signed is signed again with keys that are then thrown away. */
                keepData?: boolean;
                /** @description With `keepData`: adds the symmetric keys of encrypted messages, so that a replay can decrypt them. Needs `journal.plaintext`. */
                open?: boolean;
                /** @description A sentence that the capsule carries. */
                note?: string;
                /** @description Client-Id as the request states it. */
                clientId?: components["parameters"]["statedClientId"];
                /** @description Any of them. */
                operation?: components["parameters"]["operation"];
                /** @description Any of these result codes. */
                code?: components["parameters"]["code"];
                /** @description Any of S F U. */
                status?: components["parameters"]["status"];
                /** @description The step that decided or refused. */
                step?: components["parameters"]["step"];
                /** @description Id of a finding; the doctor's cause counts. */
                finding?: components["parameters"]["finding"];
                /** @description duplicate, mismatch, stale, scripted, fault:… */
                tag?: components["parameters"]["tag"];
                /** @description The identity, or one of its values. */
                identity?: components["parameters"]["identity"];
                /** @description Id of the trace that the request's `traceparent` names, 32 hex digits. */
                trace?: components["parameters"]["trace"];
                /** @description Received at this time or later; milliseconds since 1970 or ISO 8601. */
                from?: components["parameters"]["from"];
                /** @description Received before this time. */
                to?: components["parameters"]["to"];
                /** @description Text in the id, identity, operation, path, clientId, code, step, reason, findings, tags, scripted rule, ids of changed records, or in the first 64 KiB of the request body; in an encrypted one only with `journal.plaintext`. */
                search?: components["parameters"]["search"];
                /** @description Only exchanges with a greater number. */
                since?: components["parameters"]["since"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A file that `alipayhk-mock capsule` reads; `docs/capsule.schema.json` describes it. It contains no private key and no token. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        format: "alipayhk-mock/capsule/v1";
                        exchanges: Record<string, never>[];
                        integrity: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            404: components["responses"]["Error"];
            422: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    journalEntry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The answer's Tracer-Id, or the exchange's number. */
                id: components["parameters"]["exchangeId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The exchange. `alipayhk-mock doctor` reads it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Exchange"];
                };
            };
            404: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    journalEntryAsHar: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The answer's Tracer-Id, or the exchange's number. */
                id: components["parameters"]["exchangeId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The archive. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Har"];
                };
            };
            404: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    journalEntryAsCurl: {
        parameters: {
            query?: {
                /** @description `received`: the bytes, headers and signature as received. `again`: signed now, with the client's private key, if the simulator has it (demo clients, and clients that were created here without a key). */
                sign?: "received" | "again";
            };
            header?: never;
            path: {
                /** @description The answer's Tracer-Id, or the exchange's number. */
                id: components["parameters"]["exchangeId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description For a POSIX shell. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            404: components["responses"]["Error"];
            422: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    sendAgain: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The answer's Tracer-Id, or the exchange's number. */
                id: components["parameters"]["exchangeId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request and the response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
            404: components["responses"]["Error"];
            422: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    verify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "clientId": "4Q5Y8W0WSG45P907917",
                 *       "exchanges": [
                 *         {
                 *           "exchange": {
                 *             "operation": "syncOrder",
                 *             "code": "SUCCESS",
                 *             "body": {
                 *               "merchantBizNo": "T-1"
                 *             }
                 *           },
                 *           "exactly": 2
                 *         }
                 *       ],
                 *       "inOrder": true,
                 *       "nothingUnsigned": true
                 *     }
                 */
                "application/json": components["schemas"]["Verification"];
            };
        };
        responses: {
            /** @description The result. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verified"];
                };
            };
            400: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    waitFor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "exchange": {
                 *         "operation": "syncOrder",
                 *         "code": "SUCCESS"
                 *       },
                 *       "withinMs": 5000
                 *     }
                 */
                "application/json": components["schemas"]["Wait"];
            };
        };
        responses: {
            /** @description They have arrived, or the time has passed; see `arrived`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WaitResult"];
                };
            };
            400: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    lint: {
        parameters: {
            query?: {
                /** @description Only findings of this client, since it was created or reset. */
                clientId?: string;
                /** @description The observation ends here: what rests without a final answer is abandoned, and requests in flight are not waited for. */
                isEnd?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The findings, the worst first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LintReport"];
                };
            };
            404: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    clearLint: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    allowLint: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "rule": "L-ORD-01",
                 *       "clientId": "4Q5Y8W0WSG45P907917",
                 *       "reason": "this test sends a late message on purpose"
                 *     }
                 */
                "application/json": components["schemas"]["LintAllowance"];
            };
        };
        responses: {
            /** @description It is in force. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error"];
            404: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    coverage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Answered and handled items by group. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CoverageReport"];
                };
            };
            404: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    startCase: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Of docs/reference/certify-cases.md, e.g. C-SEC-01. */
                caseId: components["parameters"]["caseId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "operation": "syncOrder",
                 *       "variant": "unsigned"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Default syncOrder.
                     * @enum {string}
                     */
                    operation?: "syncAdditionalInfo" | "syncAccountLinkage" | "syncPaymentInfo" | "syncOrder" | "updateMembershipCard";
                    /** @description Default: the first that applies. */
                    variant?: string;
                    /**
                     * @description Default RSA256.
                     * @enum {string}
                     */
                    algorithm?: "RSA256" | "ECC224";
                    /** @description Encrypted requests; default false. */
                    sealed?: boolean;
                    /** @description By which the application shortens its pauses; default 0.05. */
                    pauseFactor?: number;
                    /** @description How long nothing may arrive after the last report; default 2000. At least 2.5 times the longest pause of the application. */
                    quietMs?: number;
                };
            };
        };
        responses: {
            /** @description The first job. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseStep"];
                };
            };
            400: components["responses"]["Error"];
            404: components["responses"]["Error"];
            409: components["responses"]["Error"];
            429: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    finishCase: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Of docs/reference/certify-cases.md, e.g. C-SEC-01. */
                caseId: components["parameters"]["caseId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "run": "0b0e7f5e-6c1f-4a6c-9d0f-4f1f6f1c2a3b",
                 *       "outcome": "SUCCESS"
                 *     }
                 */
                "application/json": components["schemas"]["CaseReport"];
            };
        };
        responses: {
            /** @description isDone says which of both it is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseStep"];
                };
            };
            400: components["responses"]["Error"];
            404: components["responses"]["Error"];
            409: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    listClients: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        clients: components["schemas"]["Client"][];
                    };
                };
            };
            default: components["responses"]["Error"];
        };
    };
    createClient: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "clientId": "TEST-7"
                 *     }
                 */
                "application/json": {
                    /** @description Generated when absent. */
                    clientId?: string;
                    /** @description The client's own public key (PEM or bare base64); a pair is generated when absent. */
                    publicKey?: string;
                    /**
                     * @default RSA256
                     * @enum {string}
                     */
                    algorithm?: "RSA256" | "ECC224";
                    /** @description Generates platform keys for this client alone, one for each version. The newest signs its responses, unless a rule names another with keyVersion. */
                    platformKeyVersions?: number[];
                };
            };
        };
        responses: {
            /** @description Created. The private key is returned only once. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        clientId: string;
                        publicKey: string;
                        privateKey?: string;
                        /** @description The keys generated for platformKeyVersions. */
                        platformKeys?: {
                            version: number;
                            publicKey: string;
                        }[];
                    };
                };
            };
            400: components["responses"]["Error"];
            409: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    showClient: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                clientId: components["parameters"]["clientId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The client. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Client"];
                };
            };
            404: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    dropClient: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                clientId: components["parameters"]["clientId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    listKeys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                clientId: components["parameters"]["clientId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All versions. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Keys"];
                };
            };
            404: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    rotateKeys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                clientId: components["parameters"]["clientId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "overlapMs": 86400000
                 *     }
                 */
                "application/json": {
                    publicKey?: string;
                    /**
                     * @default RSA256
                     * @enum {string}
                     */
                    algorithm?: "RSA256" | "ECC224";
                    /** @description How long the earlier versions stay valid; by default, their validity does not change. */
                    overlapMs?: number;
                };
            };
        };
        responses: {
            /** @description Added. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        key: components["schemas"]["Key"];
                        privateKey?: string;
                    };
                };
            };
            404: components["responses"]["Error"];
            422: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    retireKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                clientId: components["parameters"]["clientId"];
                algorithm: "RSA256" | "ECC224";
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Retired. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    activateForClient: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                clientId: components["parameters"]["clientId"];
            };
            cookie?: never;
        };
        requestBody: components["requestBodies"]["Active"];
        responses: {
            /** @description Active. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["Error"];
            422: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    listOneShots: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                clientId: components["parameters"]["clientId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In the order in which they are tried. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        oneShots: {
                            name: string;
                            times: number;
                            when: Record<string, never>;
                            then: Record<string, never>;
                        }[];
                    };
                };
            };
            404: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    queueOneShot: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                clientId: components["parameters"]["clientId"];
            };
            cookie?: never;
        };
        requestBody: components["requestBodies"]["OneShot"];
        responses: {
            /** @description Queued. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Rules in the queue now. */
                        queued: number;
                    };
                };
            };
            404: components["responses"]["Error"];
            422: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    clearOneShots: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                clientId: components["parameters"]["clientId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Empty. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    replaceOneShot: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                clientId: components["parameters"]["clientId"];
                /** @description Its `name` in the queue, percent-encoded: `one-shot%201`. */
                name: components["parameters"]["oneShot"];
            };
            cookie?: never;
        };
        requestBody: components["requestBodies"]["OneShot"];
        responses: {
            /** @description Replaced. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["Error"];
            422: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    removeOneShot: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                clientId: components["parameters"]["clientId"];
                /** @description Its `name` in the queue, percent-encoded: `one-shot%201`. */
                name: components["parameters"]["oneShot"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    readClientClock: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                clientId: components["parameters"]["clientId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The clock. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClockState"];
                };
            };
            404: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    moveClientClock: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                clientId: components["parameters"]["clientId"];
            };
            cookie?: never;
        };
        requestBody: components["requestBodies"]["ClockMove"];
        responses: {
            /** @description The clock after the change. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClockState"];
                };
            };
            400: components["responses"]["Error"];
            404: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    listOutbound: {
        parameters: {
            query?: {
                /** @description Only this client's; those of all clients when absent. */
                clientId?: components["parameters"]["oneClient"];
                state?: components["schemas"]["OutboundState"];
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The messages. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        messages: components["schemas"]["OutboundMessage"][];
                        /** @description How many match. */
                        total: number;
                        /** @description How many sends are under way, or due at this moment; 0 once a clock that was moved has played all that it reached. */
                        busy: number;
                    };
                };
            };
            default: components["responses"]["Error"];
        };
    };
    listOutboundCalls: {
        parameters: {
            query?: {
                /** @description Only this client's; those of all clients when absent. */
                clientId?: components["parameters"]["oneClient"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The calls of `openapi/outbound.yaml`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        calls: components["schemas"]["OutboundCall"][];
                        faults: {
                            id: string;
                            sentence: string;
                            expectedMerchantBehaviour: string;
                            /** @description Whether a correct merchant acknowledges it. */
                            isAcknowledged: boolean;
                        }[];
                    };
                };
            };
            default: components["responses"]["Error"];
        };
    };
    sendOutbound: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                clientId: components["parameters"]["clientId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "call": "bill-notify",
                 *       "fields": {
                 *         "billNo": "2026072822001414061"
                 *       }
                 *     }
                 */
                "application/json": {
                    call: components["schemas"]["OutboundCallId"];
                    /** @description Over those of the example; null removes one. */
                    fields?: {
                        [key: string]: unknown;
                    };
                    /** @description By the client's clock; at once when absent. */
                    afterMs?: number;
                    fault?: components["schemas"]["OutboundFaultId"];
                    encrypt?: boolean;
                    /** @description Also with fields that contradict the contract. */
                    unchecked?: boolean;
                };
            };
        };
        responses: {
            /** @description The message, planned. Its attempts are in the list and in the journal. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutboundMessage"];
                };
            };
            400: components["responses"]["Error"];
            404: components["responses"]["Error"];
            409: components["responses"]["Error"];
            422: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    readOutbound: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                clientId: components["parameters"]["clientId"];
                messageId: components["parameters"]["messageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The message. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutboundMessage"];
                };
            };
            404: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    cancelOutbound: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                clientId: components["parameters"]["clientId"];
                messageId: components["parameters"]["messageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The message. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutboundMessage"];
                };
            };
            404: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    sendOutboundNow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                clientId: components["parameters"]["clientId"];
                messageId: components["parameters"]["messageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The message. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutboundMessage"];
                };
            };
            404: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    stateOverview: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every client with records. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "worlds": [
                     *         {
                     *           "clientId": "4Q5Y8W0WSG45P907917",
                     *           "collections": {
                     *             "accounts": 0,
                     *             "linkages": 0,
                     *             "payments": 0,
                     *             "orders": 2,
                     *             "cards": 0,
                     *             "requests": 2,
                     *             "calls": 0,
                     *             "stories": 0
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        worlds: components["schemas"]["WorldOverview"][];
                    };
                };
            };
            default: components["responses"]["Error"];
        };
    };
    exportState: {
        parameters: {
            query?: {
                /** @description Only this client's; those of all clients when absent. */
                clientId?: components["parameters"]["oneClient"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document that `/state/import` takes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StateDocument"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    importState: {
        parameters: {
            query?: {
                /** @description `replace`: each named world becomes exactly what the document says. `merge`: its records are added to the stored ones. */
                mode?: "replace" | "merge";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StateDocument"];
            };
        };
        responses: {
            /** @description Imported. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "worlds": 1,
                     *       "records": 4
                     *     }
                     */
                    "application/json": {
                        worlds: number;
                        records: number;
                    };
                };
            };
            400: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    listRecords: {
        parameters: {
            query?: {
                /** @description The identity, or one of its values. */
                identity?: string;
                /** @description Text in the id or a field. */
                search?: string;
                limit?: number;
                /** @description Id of the last record of the page before (`next`). */
                after?: string;
                /** @description Of their first message. */
                order?: "newest" | "oldest";
            };
            header?: never;
            path: {
                clientId: components["parameters"]["clientId"];
                collection: components["parameters"]["collection"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        records: components["schemas"]["StoredRecord"][];
                        /** @description How many match. */
                        total: number;
                        /** @description `after` of the next page; absent on the last. */
                        next?: string;
                    };
                };
            };
            404: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    readRecord: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                clientId: components["parameters"]["clientId"];
                collection: components["parameters"]["collection"];
                /** @description Percent-encoded; of an order: `%5B%22T-1%22%5D`. */
                recordId: components["parameters"]["recordId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoredRecord"];
                };
            };
            404: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    putRecord: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                clientId: components["parameters"]["clientId"];
                collection: components["parameters"]["collection"];
                /** @description Percent-encoded; of an order: `%5B%22T-1%22%5D`. */
                recordId: components["parameters"]["recordId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "value": {
                 *         "fields": {
                 *           "merchantBizNo": "T-1",
                 *           "orderStatus": "TICKETED"
                 *         },
                 *         "eventTime": 1767225600000,
                 *         "updates": 1
                 *       }
                 *     }
                 */
                "application/json": {
                    value: components["schemas"]["RecordValue"];
                };
            };
        };
        responses: {
            /** @description The stored record. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoredRecord"];
                };
            };
            400: components["responses"]["Error"];
            404: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    deleteRecord: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                clientId: components["parameters"]["clientId"];
                collection: components["parameters"]["collection"];
                /** @description Percent-encoded; of an order: `%5B%22T-1%22%5D`. */
                recordId: components["parameters"]["recordId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    listScenarios: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        active: string[];
                        known: components["schemas"]["Scenario"][];
                    };
                };
            };
            default: components["responses"]["Error"];
        };
    };
    activateScenarios: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: components["requestBodies"]["Active"];
        responses: {
            /** @description Active. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            422: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    uploadScenario: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: components["requestBodies"]["ScenarioText"];
        responses: {
            /** @description It can be activated now. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScenarioCheck"];
                };
            };
            409: components["responses"]["Error"];
            422: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    checkScenario: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: components["requestBodies"]["ScenarioText"];
        responses: {
            /** @description The problems; `ok` when there are none. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScenarioCheck"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    showScenario: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: components["parameters"]["scenario"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The scenario. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Scenario"] & {
                        yaml: string;
                    };
                };
            };
            404: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    withdrawScenario: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: components["parameters"]["scenario"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    readClock: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The clock. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClockState"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    moveClock: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: components["requestBodies"]["ClockMove"];
        responses: {
            /** @description The clock after the change. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClockState"];
                };
            };
            400: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    readSeed: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The seed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Seed"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    setSeed: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Seed"];
            };
        };
        responses: {
            /** @description The seed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Seed"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    diagnose: {
        parameters: {
            query?: {
                /** @description If the message itself has no Client-Id. */
                clientId?: string;
                /** @description Path and query of the request; needed for a response. */
                target?: string;
                /** @description Of the fix in `text`; all languages when absent. */
                language?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description A raw HTTP request or response, a curl command line, what curl -v or --trace printed, or an exchange of the journal as JSON. */
        requestBody: {
            content: {
                "text/plain": string;
                "message/http": string;
                "application/octet-stream": string;
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description One diagnosis for the signature and, for an encrypted message, one for the encryption. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        valid: boolean;
                        diagnoses: components["schemas"]["Diagnosis"][];
                        /** @description As the command prints it. */
                        text: string;
                    };
                };
            };
            422: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    resetJournal: {
        parameters: {
            query?: {
                /** @description Only this client's; those of all clients when absent. */
                clientId?: components["parameters"]["oneClient"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    resetState: {
        parameters: {
            query?: {
                /** @description Only this client's; those of all clients when absent. */
                clientId?: components["parameters"]["oneClient"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    resetRequestIds: {
        parameters: {
            query?: {
                /** @description Only this client's; those of all clients when absent. */
                clientId?: components["parameters"]["oneClient"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    resetScenarios: {
        parameters: {
            query?: {
                /** @description Only this client's; those of all clients when absent. */
                clientId?: components["parameters"]["oneClient"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    resetClient: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                clientId: components["parameters"]["clientId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["Error"];
            default: components["responses"]["Error"];
        };
    };
    resetEverything: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
}
