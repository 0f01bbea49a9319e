/* Generated from server/domain/settings/settings-table.ts by npm run generate. */

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** alipayhk-mock config file */
        Settings: {
            $schema?: string;
            /**
             * @description address to listen on; 0.0.0.0 lets other machines connect. HOST counts if it is an IP address or localhost
             * @default 127.0.0.1
             */
            host?: string;
            /**
             * @description port to listen on; 0 takes a free one
             * @default 8852
             */
            port?: number;
            /**
             * @description port to listen on with TLS too; 0 takes a free one
             * @default off
             */
            httpsPort?: "off" | number;
            /**
             * @description certificate for httpsPort, PEM, with its chain; empty: one is generated, with an authority that signs it
             * @default
             */
            "tls.cert"?: string;
            /**
             * @description private key of tls.cert, PEM
             * @default
             */
            "tls.key"?: string;
            /**
             * @description with tls.cert: certificate of the authority that clients must trust, served at /__admin/tls-ca
             * @default
             */
            "tls.ca"?: string;
            /**
             * @description further host name or address for the generated certificate
             * @default []
             */
            "tls.names"?: string[];
            /**
             * @description certificates, PEM, that a client certificate must be or be signed by; if set, clients must send one (mutual TLS)
             * @default
             */
            "tls.clientCa"?: string;
            /**
             * @description folder with platform/ and clients/ keys; empty: the demo keys that come with the package
             * @default
             */
            keys?: string;
            /**
             * @description folder to keep state in; empty: memory only
             * @default
             */
            data?: string;
            /**
             * @description with --data: what an answered change survives: none (nothing is promised), os (a killed process), disk (a power cut)
             * @default os
             * @enum {string}
             */
            durability?: "none" | "os" | "disk";
            store?: {
                /**
                 * @description how every key of the store begins; simulators with the same one are one simulator
                 * @default alipayhk-mock
                 */
                prefix?: string;
                /**
                 * @description how long a start waits for a store that is not reachable
                 * @default 0
                 */
                waitMs?: number;
                /**
                 * @description after the store has lost data it had acknowledged: refuse (answer nothing until everything is reset), or startAgain with what is left
                 * @default refuse
                 * @enum {string}
                 */
                onLoss?: "refuse" | "startAgain";
            };
            /**
             * @description how every key of the store begins; simulators with the same one are one simulator
             * @default alipayhk-mock
             */
            "store.prefix"?: string;
            /**
             * @description how long a start waits for a store that is not reachable
             * @default 0
             */
            "store.waitMs"?: number;
            /**
             * @description after the store has lost data it had acknowledged: refuse (answer nothing until everything is reset), or startAgain with what is left
             * @default refuse
             * @enum {string}
             */
            "store.onLoss"?: "refuse" | "startAgain";
            /**
             * @description OpenAPI document to serve; empty: the one that comes with the package
             * @default
             */
            contract?: string;
            /**
             * @description calibration.json that `calibrate` wrote: its rows of the fidelity register count as observed
             * @default
             */
            calibration?: string;
            /**
             * @description folder with scenario files, besides those of the package
             * @default []
             */
            scenarios?: string[];
            /**
             * @description scenario to activate; the first matching rule of the first scenario answers
             * @default []
             */
            scenario?: string[];
            /**
             * @description any number except 0: ids and symmetric keys are the same in every run; random delays always are, by seed
             * @default 0
             */
            seed?: number;
            /**
             * @description reload changed scenario files while running
             * @default false
             */
            watch?: boolean;
            /**
             * @description auto: readable on a terminal, JSON lines elsewhere
             * @default auto
             * @enum {string}
             */
            logFormat?: "auto" | "json" | "pretty";
            /**
             * @description how much is logged
             * @default info
             * @enum {string}
             */
            logLevel?: "debug" | "info" | "warn" | "error" | "silent";
            /**
             * @description prefix in front of every path
             * @default
             */
            basePath?: string;
            /**
             * @description path of this operation, or several: all are served, and `send` uses the first; empty: the contract’s
             * @default
             */
            "paths.syncAdditionalInfo"?: string | string[];
            /**
             * @description path of this operation, or several: all are served, and `send` uses the first; empty: the contract’s
             * @default
             */
            "paths.syncAccountLinkage"?: string | string[];
            /**
             * @description path of this operation, or several: all are served, and `send` uses the first; empty: the contract’s
             * @default
             */
            "paths.syncPaymentInfo"?: string | string[];
            /**
             * @description path of this operation, or several: all are served, and `send` uses the first; empty: the contract’s
             * @default
             */
            "paths.syncOrder"?: string | string[];
            /**
             * @description path of this operation, or several: all are served, and `send` uses the first; empty: the contract’s
             * @default
             */
            "paths.updateMembershipCard"?: string | string[];
            /**
             * @description HTTP status of refusals: always 200, or 400, 401, 403, 404, 405, 413, 415, 429, 500
             * @default ok
             * @enum {string}
             */
            httpStatus?: "ok" | "semantic";
            /**
             * @description which refusals are signed
             * @default authenticated
             * @enum {string}
             */
            signRefusals?: "authenticated" | "always" | "never";
            /**
             * @description what resultMessage says: the text of the result table and the detail in brackets, or the text alone
             * @default detailed
             * @enum {string}
             */
            messages?: "detailed" | "documented";
            /**
             * @description a second header with the value of tracer-id
             * @default off
             * @enum {string}
             */
            "tracer.alias"?: "off" | "tracerId";
            /**
             * @description which formats of Request-Time are accepted
             * @default any
             * @enum {string}
             */
            "requestTime.formats"?: "any" | "documented";
            /**
             * @description code of the refusal of a Request-Time
             * @default PARAM_ILLEGAL
             * @enum {string}
             */
            "requestTime.code"?: "PARAM_ILLEGAL" | "TIMESTAMP_INVALID";
            /**
             * @description how far Request-Time may be from now, e.g. 5m; off: not checked
             * @default off
             */
            "requestTime.window"?: string;
            /**
             * @description how ECC224 signatures are verified and made
             * @default sha256
             * @enum {string}
             */
            ecc224?: "sha256" | "sha224" | "p1363";
            /**
             * @description AES mode of encrypted bodies
             * @default ecb
             * @enum {string}
             */
            "encryption.mode"?: "ecb" | "cbc" | "cbc-zero-iv" | "gcm";
            /**
             * @description RSA padding of the symmetric key
             * @default pkcs1
             * @enum {string}
             */
            "encryption.wrap"?: "pkcs1" | "oaep-sha1" | "oaep-sha256" | "oaep-sha256-mgf1-sha1";
            /**
             * @description what is wrapped: the key bytes or their base64 text
             * @default bytes
             * @enum {string}
             */
            "encryption.keyForm"?: "bytes" | "base64";
            /**
             * @description further strictness by name
             * @default []
             */
            strict?: ("encryptAlgorithm" | "unknownFields" | "emptyStrings" | "updateDetailType" | "timestamps" | "keyVersion")[];
            /**
             * @description leniency by name
             * @default []
             */
            lenient?: ("rawBase64Signature" | "weakKeys")[];
            /**
             * @description a known requestId with another body
             * @default PARAM_ILLEGAL
             * @enum {string}
             */
            "idempotency.mismatch"?: "PARAM_ILLEGAL" | "REPEAT_REQ_INCONSISTENT" | "replay";
            /**
             * @description fields next to the result of a repeated request, such as orderStatus: as they are now, or as they were first
             * @default current
             * @enum {string}
             */
            "idempotency.replay"?: "current" | "first";
            /**
             * @description what makes two requests the same: the bytes of the body, the JSON value, or the JSON value without requestTime
             * @default body
             * @enum {string}
             */
            "idempotency.compare"?: "body" | "content" | "key";
            /**
             * @description request ids kept for each client; the oldest are evicted first
             * @default 100000
             */
            "idempotency.max"?: number;
            /**
             * @description an update whose event time is not newer
             * @default ignore
             * @enum {string}
             */
            "ordering.stale"?: "ignore" | "refuse" | "apply";
            /**
             * @description what identifies an order: merchantBizNo together with merchantAccountId, or merchantBizNo alone
             * @default account
             * @enum {string}
             */
            "order.identity"?: "account" | "merchantBizNo";
            /**
             * @description orderCreateTime or merchantBizType differs from the first message
             * @default refuse
             * @enum {string}
             */
            "order.identityDrift"?: "refuse" | "ignore";
            /**
             * @description whether status changes are checked
             * @default on
             * @enum {string}
             */
            "order.statusMachine"?: "on" | "off";
            /**
             * @description replaces the table of a merchantBizType: status → statuses that may follow it
             * @default {}
             */
            "order.statusMachines"?: {
                [key: string]: {
                    [key: string]: string[];
                };
            };
            /**
             * @description extra fields that a business page marks required
             * @default enforce
             * @enum {string}
             */
            "order.extraFields"?: "enforce" | "note";
            /**
             * @description UNBIND of an unknown binding
             * @default SUCCESS
             * @enum {string}
             */
            "linkage.unknownUnbind"?: "SUCCESS" | "PARAM_ILLEGAL";
            /**
             * @description an update of an unknown pass
             * @default SUCCESS
             * @enum {string}
             */
            "membership.unknownPass"?: "SUCCESS" | "PASS_HAS_NOT_EXIST";
            /**
             * @description an update of a closed pass
             * @default PASS_UPDATE_FAIL
             * @enum {string}
             */
            "membership.closedPass"?: "PASS_UPDATE_FAIL" | "SUCCESS";
            /**
             * @description an update of a pass whose endDate has passed
             * @default SUCCESS
             * @enum {string}
             */
            "membership.expiredPass"?: "SUCCESS" | "PASS_UPDATE_FAIL";
            /**
             * @description what an update does to fields that it does not contain: they stay, or are removed
             * @default merge
             * @enum {string}
             */
            "membership.update"?: "merge" | "replace";
            /**
             * @description name of the result object on the membership path
             * @default resultInfo
             * @enum {string}
             */
            "membership.resultName"?: "resultInfo" | "result" | "both";
            /**
             * @description the only account types accepted, each with its subtypes; empty: any text
             * @default {}
             */
            accountTypes?: {
                [key: string]: string[];
            };
            /**
             * @description per Client-Id: disabled, operations, agentToken, requestsPerSecond, encryption
             * @default {}
             */
            clients?: {
                [key: string]: {
                    /** @description true: requests get INVALID_CLIENT */
                    disabled?: boolean;
                    /** @description the only operations that this client may call; others get ACCESS_DENIED */
                    operations?: ("syncAdditionalInfo" | "syncAccountLinkage" | "syncPaymentInfo" | "syncOrder" | "updateMembershipCard")[];
                    /** @description the Agent-Token that this client must send; another one gets ACCESS_DENIED */
                    agentToken?: string;
                    /** @description more requests get REQUEST_TRAFFIC_EXCEED_LIMIT */
                    requestsPerSecond?: number;
                    /** @description whether bodies must be encrypted, for all operations or for each */
                    encryption?: ("optional" | "required" | "forbidden") | {
                        [key: string]: "optional" | "required" | "forbidden";
                    };
                };
            };
            /**
             * @description where calls to the merchant go: Client-Id (or * for every client) → call → address; nothing else is ever called
             * @default {}
             */
            "outbound.targets"?: {
                [key: string]: {
                    [key: string]: string;
                };
            };
            /**
             * @description host or address that may be called although it is outside this machine and private networks
             * @default []
             */
            "outbound.allowHosts"?: string[];
            /**
             * @description certificates, PEM, to trust when a merchant is called by https; empty: those of Node
             * @default
             */
            "outbound.ca"?: string;
            /**
             * @description which answers have a notification sent again: notSuccess, all but SUCCESS; unknownOnly, U and anything unreadable
             * @default notSuccess
             * @enum {string}
             */
            "outbound.retryOn"?: "notSuccess" | "unknownOnly";
            /**
             * @description pauses between the sends of a notification that is not acknowledged
             * @default [
             *       "2m",
             *       "10m",
             *       "10m",
             *       "1h",
             *       "2h",
             *       "6h",
             *       "15h"
             *     ]
             */
            "outbound.schedule"?: string[];
            /**
             * @description how long a merchant may take to answer; 0: 3000 for a query, 5000 for a notification
             * @default 0
             */
            "outbound.timeoutMs"?: number;
            /**
             * @description largest body accepted
             * @default 1048576
             */
            "limits.bodyBytes"?: number;
            /**
             * @description how deep objects and lists of a body may be nested
             * @default 64
             */
            "limits.depth"?: number;
            /**
             * @description largest accepted request line and headers, in bytes
             * @default 16384
             */
            "limits.headerBytes"?: number;
            /**
             * @description how long request line and headers may take to arrive, from the connection on
             * @default 10s
             */
            "limits.headersTime"?: string;
            /**
             * @description how long a whole request may take to arrive
             * @default 60s
             */
            "limits.requestTime"?: string;
            /**
             * @description how long a connection is kept alive between two requests
             * @default 5s
             */
            "limits.idleTime"?: string;
            /**
             * @description open connections for each port; further ones are closed at once
             * @default 10000
             */
            "limits.connections"?: number;
            /**
             * @description approximate bytes of state in memory, all clients together; 0: half of Node’s memory limit; beyond it, new records are refused
             * @default 0
             */
            "limits.stateBytes"?: number;
            /**
             * @description exchanges kept in the journal
             * @default 1000
             */
            "journal.entries"?: number;
            /**
             * @description bytes of exchanges kept in the journal
             * @default 67108864
             */
            "journal.bytes"?: number;
            /**
             * @description show decrypted bodies in the journal’s views
             * @default false
             */
            "journal.plaintext"?: boolean;
            /**
             * @description language of what commands print for people: errors, warnings, diagnoses, lists and reports; help, log lines and JSON stay in English. zh-HK and zh-TW mean zh-hant
             * @default en
             * @enum {string}
             */
            language?: "en" | "zh-hant";
            /**
             * @description serve the Model Context Protocol, for coding agents, at /__admin/mcp, behind the admin guard
             * @default false
             */
            mcp?: boolean;
            /**
             * @description collector of OpenTelemetry traces, e.g. http://127.0.0.1:4318, over OTLP/HTTP as JSON; env: as the OTEL_ variables say; empty: nothing is exported
             * @default
             */
            "otlp.endpoint"?: string;
            /**
             * @description lint of ordinary traffic: report collects findings, strict also makes exec fail on errors, off
             * @default report
             * @enum {string}
             */
            "lint.mode"?: "report" | "strict" | "off";
            /**
             * @description lint rules whose findings are expected: ids, or in the config file { rule, clientId, reason }
             * @default []
             */
            "lint.allow"?: (string | {
                rule: string;
                /** @description the only client that it is allowed for */
                clientId?: string;
                /** @description why it is expected */
                reason: string;
            })[];
            /**
             * @description by which factor pauses between attempts are shorter than in production, e.g. 0.05
             * @default 1
             */
            "lint.pauseFactor"?: number;
            /**
             * @description how long a message without a final answer may rest before it counts as abandoned
             * @default 60s
             */
            "lint.abandonedAfter"?: string;
            /**
             * @description serve the admin API and its pages; --no-admin removes them; GET /health stays
             * @default true
             */
            admin?: boolean;
            /**
             * @description port of the admin API, on its own listener; 0 takes a free one; same: the port of the operations
             * @default same
             */
            adminPort?: "same" | number;
            /**
             * @description address that the admin API listens on with adminPort; empty: that of host
             * @default
             */
            adminHost?: string;
            /**
             * @description token that the admin API requires; generated and printed once when other machines can reach the address
             * @default
             */
            adminToken?: string;
            /**
             * @description whether x-mock-* request headers and magic values have a meaning
             * @default on
             * @enum {string}
             */
            steering?: "on" | "off";
            /**
             * @description omit the x-mock-* headers and the details of resultMessage, which the real gateway does not send
             * @default false
             */
            wirePure?: boolean;
            /**
             * @description check every response against the contract and log mismatches
             * @default false
             */
            validateAnswers?: boolean;
            tls?: {
                /**
                 * @description certificate for httpsPort, PEM, with its chain; empty: one is generated, with an authority that signs it
                 * @default
                 */
                cert?: string;
                /**
                 * @description private key of tls.cert, PEM
                 * @default
                 */
                key?: string;
                /**
                 * @description with tls.cert: certificate of the authority that clients must trust, served at /__admin/tls-ca
                 * @default
                 */
                ca?: string;
                /**
                 * @description further host name or address for the generated certificate
                 * @default []
                 */
                names?: string[];
                /**
                 * @description certificates, PEM, that a client certificate must be or be signed by; if set, clients must send one (mutual TLS)
                 * @default
                 */
                clientCa?: string;
            };
            paths?: {
                /**
                 * @description path of this operation, or several: all are served, and `send` uses the first; empty: the contract’s
                 * @default
                 */
                syncAdditionalInfo?: string | string[];
                /**
                 * @description path of this operation, or several: all are served, and `send` uses the first; empty: the contract’s
                 * @default
                 */
                syncAccountLinkage?: string | string[];
                /**
                 * @description path of this operation, or several: all are served, and `send` uses the first; empty: the contract’s
                 * @default
                 */
                syncPaymentInfo?: string | string[];
                /**
                 * @description path of this operation, or several: all are served, and `send` uses the first; empty: the contract’s
                 * @default
                 */
                syncOrder?: string | string[];
                /**
                 * @description path of this operation, or several: all are served, and `send` uses the first; empty: the contract’s
                 * @default
                 */
                updateMembershipCard?: string | string[];
            };
            tracer?: {
                /**
                 * @description a second header with the value of tracer-id
                 * @default off
                 * @enum {string}
                 */
                alias?: "off" | "tracerId";
            };
            requestTime?: {
                /**
                 * @description which formats of Request-Time are accepted
                 * @default any
                 * @enum {string}
                 */
                formats?: "any" | "documented";
                /**
                 * @description code of the refusal of a Request-Time
                 * @default PARAM_ILLEGAL
                 * @enum {string}
                 */
                code?: "PARAM_ILLEGAL" | "TIMESTAMP_INVALID";
                /**
                 * @description how far Request-Time may be from now, e.g. 5m; off: not checked
                 * @default off
                 */
                window?: string;
            };
            encryption?: {
                /**
                 * @description AES mode of encrypted bodies
                 * @default ecb
                 * @enum {string}
                 */
                mode?: "ecb" | "cbc" | "cbc-zero-iv" | "gcm";
                /**
                 * @description RSA padding of the symmetric key
                 * @default pkcs1
                 * @enum {string}
                 */
                wrap?: "pkcs1" | "oaep-sha1" | "oaep-sha256" | "oaep-sha256-mgf1-sha1";
                /**
                 * @description what is wrapped: the key bytes or their base64 text
                 * @default bytes
                 * @enum {string}
                 */
                keyForm?: "bytes" | "base64";
            };
            idempotency?: {
                /**
                 * @description a known requestId with another body
                 * @default PARAM_ILLEGAL
                 * @enum {string}
                 */
                mismatch?: "PARAM_ILLEGAL" | "REPEAT_REQ_INCONSISTENT" | "replay";
                /**
                 * @description fields next to the result of a repeated request, such as orderStatus: as they are now, or as they were first
                 * @default current
                 * @enum {string}
                 */
                replay?: "current" | "first";
                /**
                 * @description what makes two requests the same: the bytes of the body, the JSON value, or the JSON value without requestTime
                 * @default body
                 * @enum {string}
                 */
                compare?: "body" | "content" | "key";
                /**
                 * @description request ids kept for each client; the oldest are evicted first
                 * @default 100000
                 */
                max?: number;
            };
            ordering?: {
                /**
                 * @description an update whose event time is not newer
                 * @default ignore
                 * @enum {string}
                 */
                stale?: "ignore" | "refuse" | "apply";
            };
            order?: {
                /**
                 * @description what identifies an order: merchantBizNo together with merchantAccountId, or merchantBizNo alone
                 * @default account
                 * @enum {string}
                 */
                identity?: "account" | "merchantBizNo";
                /**
                 * @description orderCreateTime or merchantBizType differs from the first message
                 * @default refuse
                 * @enum {string}
                 */
                identityDrift?: "refuse" | "ignore";
                /**
                 * @description whether status changes are checked
                 * @default on
                 * @enum {string}
                 */
                statusMachine?: "on" | "off";
                /**
                 * @description replaces the table of a merchantBizType: status → statuses that may follow it
                 * @default {}
                 */
                statusMachines?: {
                    [key: string]: {
                        [key: string]: string[];
                    };
                };
                /**
                 * @description extra fields that a business page marks required
                 * @default enforce
                 * @enum {string}
                 */
                extraFields?: "enforce" | "note";
            };
            linkage?: {
                /**
                 * @description UNBIND of an unknown binding
                 * @default SUCCESS
                 * @enum {string}
                 */
                unknownUnbind?: "SUCCESS" | "PARAM_ILLEGAL";
            };
            membership?: {
                /**
                 * @description an update of an unknown pass
                 * @default SUCCESS
                 * @enum {string}
                 */
                unknownPass?: "SUCCESS" | "PASS_HAS_NOT_EXIST";
                /**
                 * @description an update of a closed pass
                 * @default PASS_UPDATE_FAIL
                 * @enum {string}
                 */
                closedPass?: "PASS_UPDATE_FAIL" | "SUCCESS";
                /**
                 * @description an update of a pass whose endDate has passed
                 * @default SUCCESS
                 * @enum {string}
                 */
                expiredPass?: "SUCCESS" | "PASS_UPDATE_FAIL";
                /**
                 * @description what an update does to fields that it does not contain: they stay, or are removed
                 * @default merge
                 * @enum {string}
                 */
                update?: "merge" | "replace";
                /**
                 * @description name of the result object on the membership path
                 * @default resultInfo
                 * @enum {string}
                 */
                resultName?: "resultInfo" | "result" | "both";
            };
            outbound?: {
                /**
                 * @description where calls to the merchant go: Client-Id (or * for every client) → call → address; nothing else is ever called
                 * @default {}
                 */
                targets?: {
                    [key: string]: {
                        [key: string]: string;
                    };
                };
                /**
                 * @description host or address that may be called although it is outside this machine and private networks
                 * @default []
                 */
                allowHosts?: string[];
                /**
                 * @description certificates, PEM, to trust when a merchant is called by https; empty: those of Node
                 * @default
                 */
                ca?: string;
                /**
                 * @description which answers have a notification sent again: notSuccess, all but SUCCESS; unknownOnly, U and anything unreadable
                 * @default notSuccess
                 * @enum {string}
                 */
                retryOn?: "notSuccess" | "unknownOnly";
                /**
                 * @description pauses between the sends of a notification that is not acknowledged
                 * @default [
                 *       "2m",
                 *       "10m",
                 *       "10m",
                 *       "1h",
                 *       "2h",
                 *       "6h",
                 *       "15h"
                 *     ]
                 */
                schedule?: string[];
                /**
                 * @description how long a merchant may take to answer; 0: 3000 for a query, 5000 for a notification
                 * @default 0
                 */
                timeoutMs?: number;
            };
            limits?: {
                /**
                 * @description largest body accepted
                 * @default 1048576
                 */
                bodyBytes?: number;
                /**
                 * @description how deep objects and lists of a body may be nested
                 * @default 64
                 */
                depth?: number;
                /**
                 * @description largest accepted request line and headers, in bytes
                 * @default 16384
                 */
                headerBytes?: number;
                /**
                 * @description how long request line and headers may take to arrive, from the connection on
                 * @default 10s
                 */
                headersTime?: string;
                /**
                 * @description how long a whole request may take to arrive
                 * @default 60s
                 */
                requestTime?: string;
                /**
                 * @description how long a connection is kept alive between two requests
                 * @default 5s
                 */
                idleTime?: string;
                /**
                 * @description open connections for each port; further ones are closed at once
                 * @default 10000
                 */
                connections?: number;
                /**
                 * @description approximate bytes of state in memory, all clients together; 0: half of Node’s memory limit; beyond it, new records are refused
                 * @default 0
                 */
                stateBytes?: number;
            };
            journal?: {
                /**
                 * @description exchanges kept in the journal
                 * @default 1000
                 */
                entries?: number;
                /**
                 * @description bytes of exchanges kept in the journal
                 * @default 67108864
                 */
                bytes?: number;
                /**
                 * @description show decrypted bodies in the journal’s views
                 * @default false
                 */
                plaintext?: boolean;
            };
            otlp?: {
                /**
                 * @description collector of OpenTelemetry traces, e.g. http://127.0.0.1:4318, over OTLP/HTTP as JSON; env: as the OTEL_ variables say; empty: nothing is exported
                 * @default
                 */
                endpoint?: string;
            };
            lint?: {
                /**
                 * @description lint of ordinary traffic: report collects findings, strict also makes exec fail on errors, off
                 * @default report
                 * @enum {string}
                 */
                mode?: "report" | "strict" | "off";
                /**
                 * @description lint rules whose findings are expected: ids, or in the config file { rule, clientId, reason }
                 * @default []
                 */
                allow?: (string | {
                    rule: string;
                    /** @description the only client that it is allowed for */
                    clientId?: string;
                    /** @description why it is expected */
                    reason: string;
                })[];
                /**
                 * @description by which factor pauses between attempts are shorter than in production, e.g. 0.05
                 * @default 1
                 */
                pauseFactor?: number;
                /**
                 * @description how long a message without a final answer may rest before it counts as abandoned
                 * @default 60s
                 */
                abandonedAfter?: string;
            };
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
