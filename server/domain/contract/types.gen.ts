/* Generated from openapi/alipayhk.yaml by npm run generate. */

export interface paths {
    "/api/open/v1/alipayhk/merchant/outAccount/additionalInfo/sync": {
        parameters: {
            query?: never;
            header: {
                /** @description Identifies the partner's system. Given by AlipayHK; no format is enforced. */
                "Client-Id": components["parameters"]["ClientId"];
                /**
                 * @description A list of `key=value` pairs, separated by commas:
                 *
                 *     - `algorithm`: `RSA256` (the default) or `ECC224`
                 *     - `keyVersion`: version of the signing key registered for the Client-Id; the newest by
                 *       default
                 *     - `signature`: base64, then URL-encoded
                 */
                Signature: components["parameters"]["Signature"];
                /**
                 * @description Present if and only if the body is encrypted. A list of `key=value` pairs, separated by
                 *     commas:
                 *
                 *     - `algorithm`: `RSA_AES`, the only one supported
                 *     - `keyVersion`: version of the recipient's key that wraps the symmetric key; the newest by
                 *       default
                 *     - `symmetricKey`: the wrapped AES key, base64, then URL-encoded
                 */
                Encrypt?: components["parameters"]["Encrypt"];
                /** @description Time of the request, ISO-8601 with time zone. Signed exactly as sent. */
                "Request-Time": components["parameters"]["RequestTime"];
                /** @description Token that proves that an integrator may act for a merchant. Not signed. */
                "Agent-Token"?: components["parameters"]["AgentToken"];
            };
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sync Additional info
         * @description Reports a bill account of a user to AlipayHK: whether it is valid, and whether it is paid by
         *     automatic debit. Mostly called when a user links an account.
         *
         *     One account is (openId, accountId, type, subType); its updates are ordered by `requestTime`
         *     (O-02, O-03). A repeated `requestId` with the same body gets the first response again
         *     (I-02).
         *
         *     `Content-Type` is required, see the introduction.
         */
        post: operations["syncAdditionalInfo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/open/alipay/v1/promotion/binding/sync": {
        parameters: {
            query?: never;
            header: {
                /** @description Identifies the partner's system. Given by AlipayHK; no format is enforced. */
                "Client-Id": components["parameters"]["ClientId"];
                /**
                 * @description A list of `key=value` pairs, separated by commas:
                 *
                 *     - `algorithm`: `RSA256` (the default) or `ECC224`
                 *     - `keyVersion`: version of the signing key registered for the Client-Id; the newest by
                 *       default
                 *     - `signature`: base64, then URL-encoded
                 */
                Signature: components["parameters"]["Signature"];
                /**
                 * @description Present if and only if the body is encrypted. A list of `key=value` pairs, separated by
                 *     commas:
                 *
                 *     - `algorithm`: `RSA_AES`, the only one supported
                 *     - `keyVersion`: version of the recipient's key that wraps the symmetric key; the newest by
                 *       default
                 *     - `symmetricKey`: the wrapped AES key, base64, then URL-encoded
                 */
                Encrypt?: components["parameters"]["Encrypt"];
                /** @description Time of the request, ISO-8601 with time zone. Signed exactly as sent. */
                "Request-Time": components["parameters"]["RequestTime"];
                /** @description Token that proves that an integrator may act for a merchant. Not signed. */
                "Agent-Token"?: components["parameters"]["AgentToken"];
            };
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Synchronize Account Linkage Status
         * @description Binds a user of the merchant to an AlipayHK account, card or phone number, or takes the
         *     binding back.
         *
         *     One binding is (externalIdentityType, externalIdentityValue, userId, bindingTargetType,
         *     bindingTarget); its updates are ordered by `bizTime` (O-02, O-03). A repeated `requestId`
         *     with the same body gets the first response again (I-02).
         *
         *     `Content-Type` is required, see the introduction.
         */
        post: operations["syncAccountLinkage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/open/v1/alipayhk/merchant/outAccount/paymentInfo/sync": {
        parameters: {
            query?: never;
            header: {
                /** @description Identifies the partner's system. Given by AlipayHK; no format is enforced. */
                "Client-Id": components["parameters"]["ClientId"];
                /**
                 * @description A list of `key=value` pairs, separated by commas:
                 *
                 *     - `algorithm`: `RSA256` (the default) or `ECC224`
                 *     - `keyVersion`: version of the signing key registered for the Client-Id; the newest by
                 *       default
                 *     - `signature`: base64, then URL-encoded
                 */
                Signature: components["parameters"]["Signature"];
                /**
                 * @description Present if and only if the body is encrypted. A list of `key=value` pairs, separated by
                 *     commas:
                 *
                 *     - `algorithm`: `RSA_AES`, the only one supported
                 *     - `keyVersion`: version of the recipient's key that wraps the symmetric key; the newest by
                 *       default
                 *     - `symmetricKey`: the wrapped AES key, base64, then URL-encoded
                 */
                Encrypt?: components["parameters"]["Encrypt"];
                /** @description Time of the request, ISO-8601 with time zone. Signed exactly as sent. */
                "Request-Time": components["parameters"]["RequestTime"];
                /** @description Token that proves that an integrator may act for a merchant. Not signed. */
                "Agent-Token"?: components["parameters"]["AgentToken"];
            };
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Synchronize Latest PaymentInfo
         * @description Reports the latest payment of a bill account, normally right after the user's payment has
         *     been confirmed.
         *
         *     The latest payment is held per (openId, accountId, type, subType); updates are ordered by
         *     `requestTime` (O-02, O-03). A repeated `requestId` with the same body gets the first
         *     response again (I-02).
         *
         *     `Content-Type` is required, see the introduction.
         */
        post: operations["syncPaymentInfo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/open/alipay/v1/merchant/order/sync": {
        parameters: {
            query?: never;
            header: {
                /** @description Identifies the partner's system. Given by AlipayHK; no format is enforced. */
                "Client-Id": components["parameters"]["ClientId"];
                /**
                 * @description A list of `key=value` pairs, separated by commas:
                 *
                 *     - `algorithm`: `RSA256` (the default) or `ECC224`
                 *     - `keyVersion`: version of the signing key registered for the Client-Id; the newest by
                 *       default
                 *     - `signature`: base64, then URL-encoded
                 */
                Signature: components["parameters"]["Signature"];
                /**
                 * @description Present if and only if the body is encrypted. A list of `key=value` pairs, separated by
                 *     commas:
                 *
                 *     - `algorithm`: `RSA_AES`, the only one supported
                 *     - `keyVersion`: version of the recipient's key that wraps the symmetric key; the newest by
                 *       default
                 *     - `symmetricKey`: the wrapped AES key, base64, then URL-encoded
                 */
                Encrypt?: components["parameters"]["Encrypt"];
                /** @description Time of the request, ISO-8601 with time zone. Signed exactly as sent. */
                "Request-Time": components["parameters"]["RequestTime"];
                /** @description Token that proves that an integrator may act for a merchant. Not signed. */
                "Agent-Token"?: components["parameters"]["AgentToken"];
            };
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Order sync (Base API)
         * @description Creates a service order in AlipayHK or reports a new state of it. `merchantBizType` selects
         *     the business scenario, and with it the extra fields and the statuses an order may pass
         *     through: see the nine `Order_*` schemas.
         *
         *     One order is its `merchantBizNo`; its updates are ordered by `orderModifyTime` (O-02, O-03).
         *     The answer carries the status that AlipayHK holds, which after a stale update is not the one
         *     just sent (O-01).
         *
         *     `Content-Type` is required, see the introduction.
         */
        post: operations["syncOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/open/alipay/v1/ipass/pass/manage/updatePass": {
        parameters: {
            query?: never;
            header: {
                /** @description Identifies the partner's system. Given by AlipayHK; no format is enforced. */
                "Client-Id": components["parameters"]["ClientId"];
                /**
                 * @description A list of `key=value` pairs, separated by commas:
                 *
                 *     - `algorithm`: `RSA256` (the default) or `ECC224`
                 *     - `keyVersion`: version of the signing key registered for the Client-Id; the newest by
                 *       default
                 *     - `signature`: base64, then URL-encoded
                 */
                Signature: components["parameters"]["Signature"];
                /**
                 * @description Present if and only if the body is encrypted. A list of `key=value` pairs, separated by
                 *     commas:
                 *
                 *     - `algorithm`: `RSA_AES`, the only one supported
                 *     - `keyVersion`: version of the recipient's key that wraps the symmetric key; the newest by
                 *       default
                 *     - `symmetricKey`: the wrapped AES key, base64, then URL-encoded
                 */
                Encrypt?: components["parameters"]["Encrypt"];
                /** @description Time of the request, ISO-8601 with time zone. Signed exactly as sent. */
                "Request-Time": components["parameters"]["RequestTime"];
                /** @description Token that proves that an integrator may act for a merchant. Not signed. */
                "Agent-Token"?: components["parameters"]["AgentToken"];
            };
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Update AlipayHK Membership card
         * @description Updates points and level of a membership card in a user's wallet, or closes the card.
         *
         *     One card is (merchantId, passId) (O-03). The call has neither a request id nor an event
         *     time, so duplicates and stale updates cannot be detected (I-01, O-02). The response's result
         *     object is called `resultInfo`.
         *
         *     `Content-Type` is required, see the introduction.
         */
        post: operations["updateMembershipCard"];
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
        /** @description A sealed body: the JSON, encrypted with a fresh AES key, as base64 text. The key travels in the Encrypt header. This text, not the JSON, is what is signed. Inside is the JSON of the application/json variant. */
        SealedBody: string;
        /** @description Outcome of the call. */
        Result: {
            /**
             * @description Machine-readable outcome. Decide by resultStatus first; new codes may appear.
             * @example SUCCESS
             */
            resultCode: string;
            /**
             * @description S succeeded. F failed, final. U unknown, retry the identical request.
             * @enum {string}
             */
            resultStatus: "S" | "F" | "U";
            /**
             * @description Text for people: the row of the result table, then the detail in square brackets. Do not parse it. The simulator always sends one.
             * @example Success
             */
            resultMessage?: string;
        };
        /** @description The merchant of the account. The page names no children; these are what AlipayHK's neighbouring bill APIs use. */
        Merchant: {
            /**
             * @description Merchant's account id, given by AlipayHK.
             * @example 2160400000002012
             */
            merchantAccountId?: string;
            /**
             * @description Brand below the merchant.
             * @example 2160400000009999
             */
            subMerchantId?: string;
            /** @description Part of the merchant's business. */
            segmentId?: string;
            /**
             * @deprecated
             * @description Older name of merchantAccountId.
             * @example 2160120000000001
             */
            merchantId?: string;
        } & {
            [key: string]: unknown;
        };
        /** @description An amount of money. */
        Money: {
            /**
             * @description Whole cents, as text.
             * @example 12800
             */
            value: string;
            /**
             * @description ISO 4217 code.
             * @example HKD
             */
            currency: string;
        } & {
            [key: string]: unknown;
        };
        /** @description A bill account and whether it is paid by automatic debit. */
        SyncAdditionalInfoRequest: {
            /**
             * @description The AlipayHK user.
             * @example 2160120074526881
             */
            openId: string;
            /**
             * @description Unique id of this request (a UUID); the key of idempotency.
             * @example 2f1c0a7e-5d0b-4b8e-9a51-3c7de8f20416
             */
            requestId: string;
            /**
             * @description When the state below was true. Orders the updates of an account.
             * @example 1747893741000
             */
            requestTime: number;
            /**
             * @description The user's account with the merchant.
             * @example 0098123456
             */
            accountId: string;
            /**
             * @description Kind of account, from AlipayHK's list Account_type.xlsx.
             * @example TELECOM
             */
            type: string;
            /**
             * @description Kind within type, from the same list. Required here, optional in SyncPaymentInfoRequest.
             * @example MOBILE_SERVICE
             */
            subType: string;
            /**
             * @description Whether the account is in use.
             * @enum {string}
             */
            status: "VALID" | "INVALID";
            /**
             * @description Automatic debit is active (AUTO_DEBIT) or not (UN_AUTO_DEBIT).
             * @enum {string}
             */
            autoDebitStatus: "AUTO_DEBIT" | "UN_AUTO_DEBIT";
            /**
             * @description Display name of the account.
             * @example Chan Tai Man
             */
            name?: string;
            /**
             * @description Phone number of the account.
             * @example 85291234567
             */
            phone?: string;
            merchant?: components["schemas"]["Merchant"];
            /**
             * @description More about the account (data, plan, contract), as JSON in a string. Anything else gets a finding (E-25).
             * @example {"contractRenewalStatus":"true"}
             */
            extInfo?: string;
        };
        SyncAdditionalInfoResponse: {
            result: components["schemas"]["Result"];
        };
        /** @description A binding between a merchant's user and an AlipayHK user. bindingTarget is required unless bindingTargetType is USER_ID. */
        SyncAccountLinkageRequest: {
            /**
             * @description Idempotent id of this request; guards against processing it twice.
             * @example 2f1c0a7e-5d0b-4b8e-9a51-3c7de8f20416
             */
            requestId: string;
            /**
             * @description When the business event began. Orders the updates of a binding, so that a late message does no harm.
             * @example 1747893741000
             */
            bizTime: number;
            /**
             * @description Always BINDING_SYNC.
             * @constant
             */
            bizType: "BINDING_SYNC";
            /**
             * @description The merchant's own id of the binding, for tracing and reconciliation.
             * @example BIND-20250522-0001
             */
            externalBindingId?: string;
            /**
             * @description BIND creates the binding, UNBIND removes it.
             * @enum {string}
             */
            operateType: "BIND" | "UNBIND";
            /**
             * @description What kind of id the merchant uses for its user.
             * @enum {string}
             */
            externalIdentityType: "UID" | "PHONE";
            /**
             * @description The merchant's id of its user.
             * @example M-10002345
             */
            externalIdentityValue: string;
            /**
             * @description The AlipayHK user.
             * @example 2160120074526881
             */
            userId: string;
            /**
             * @description What the merchant's user is bound to - the AlipayHK account, a card or a mobile number.
             * @enum {string}
             */
            bindingTargetType: "USER_ID" | "CARD" | "PHONE";
            /**
             * @description The card number for CARD, the phone number for PHONE. Optional for USER_ID.
             * @example 8888000012345678
             */
            bindingTarget?: string;
            /**
             * @description When the binding expires.
             * @example 4070908800000
             */
            expiryTime?: number;
        };
        SyncAccountLinkageResponse: {
            result: components["schemas"]["Result"];
        };
        /** @description The latest payment of a bill account. */
        SyncPaymentInfoRequest: {
            /**
             * @description The AlipayHK user.
             * @example 2160120074526881
             */
            openId: string;
            /**
             * @description Unique id of this request (a UUID); the key of idempotency.
             * @example 2f1c0a7e-5d0b-4b8e-9a51-3c7de8f20416
             */
            requestId: string;
            /**
             * @description When the state below was true. Orders the updates of an account's latest payment.
             * @example 1747893741000
             */
            requestTime: number;
            /**
             * @description The user's account with the merchant.
             * @example 0098123456
             */
            accountId: string;
            /**
             * @description Kind of account, from AlipayHK's list Account_type.xlsx.
             * @example TELECOM
             */
            type: string;
            /**
             * @description Kind within type, from the same list. Optional here, required in SyncAdditionalInfoRequest.
             * @example MOBILE_SERVICE
             */
            subType?: string;
            /**
             * @description Whether the bill is valid.
             * @enum {string}
             */
            status: "VALID" | "INVALID";
            merchant: components["schemas"]["Merchant"];
            /**
             * @description Amount paid, in whole cents. A number here, a string in the money objects of orders.
             * @example 12800
             */
            amount: number;
            /**
             * @description ISO 4217 code, three letters.
             * @example HKD
             */
            currencyCode: string;
            /**
             * @description How the payment ended.
             * @enum {string}
             */
            paymentResult: "SUCCESS" | "FAIL" | "UNKNOWN";
            /**
             * @description When the payment was made.
             * @example 1747893720000
             */
            paymentDate: number;
            /**
             * @description Deep link behind the pay-bill button (『缴费』 on the page). A scheme other than alipayhk gets a finding (E-25).
             * @example alipayhk://platformapi/startapp?appId=20000067
             */
            actionUrl: string;
        };
        SyncPaymentInfoResponse: {
            result: components["schemas"]["Result"];
        };
        /** @description A service order. merchantBizType selects the business scenario, and with it one Order_* schema: its extra fields, and the statuses that an order of this kind may pass through. */
        SyncOrderRequest: components["schemas"]["Order_PASS_TICKET"] | components["schemas"]["Order_ALIPAY_COUPON"] | components["schemas"]["Order_GIFT_CARD_COUPON"] | components["schemas"]["Order_CHARGING_PILE"] | components["schemas"]["Order_MOVIE_TICKET"] | components["schemas"]["Order_LINE_UP"] | components["schemas"]["Order_RIDE_HAILING"] | components["schemas"]["Order_SELF_PICK"] | components["schemas"]["Order_TRAIN_TICKET"];
        /** @description The fields that every order has. At least one of userId and openId is required. */
        OrderBase: {
            /**
             * @description Unique id of this request; the key of idempotency. At most 32 characters - a UUID fits only without its hyphens.
             * @example 7c9e6679f4b24d0f8a3b5e1d2c604f91
             */
            requestId: string;
            /**
             * @description The merchant's order number. The same in every message about one order.
             * @example TKT202505220001
             */
            merchantBizNo: string;
            /**
             * @description State of the order, one of the statuses that x-statuses of the matching Order_* schema lists.
             * @example TICKETED
             */
            orderStatus: string;
            /**
             * @description The AlipayHK user. This or openId is required.
             * @example 2160120074526881
             */
            userId?: string;
            /**
             * @description The user's authorization id for this merchant. This or userId is required.
             * @example 2160120074526881
             */
            openId?: string;
            /**
             * @description The business scenario:
             *
             *     - `PASS_TICKET` admission tickets
             *     - `ALIPAY_COUPON` voucher deducted automatically within AlipayHK
             *     - `GIFT_CARD_COUPON` coupon with a code to scan or read out
             *     - `CHARGING_PILE` charging of electric vehicles
             *     - `MOVIE_TICKET` cinema tickets
             *     - `LINE_UP` queueing
             *     - `RIDE_HAILING` ride hailing
             *     - `SELF_PICK` orders that the user picks up
             *     - `TRAIN_TICKET` train tickets
             * @enum {string}
             */
            merchantBizType: "PASS_TICKET" | "ALIPAY_COUPON" | "GIFT_CARD_COUPON" | "CHARGING_PILE" | "MOVIE_TICKET" | "LINE_UP" | "RIDE_HAILING" | "SELF_PICK" | "TRAIN_TICKET";
            /**
             * @description When the first event of the order happened. The same in every message about one order.
             * @example 1747893700000
             */
            orderCreateTime: number;
            /**
             * @description When this event happened. Orders the updates of one order; every update needs a newer one.
             * @example 1747893741000
             */
            orderModifyTime: number;
            /**
             * @description Second-level merchant id that AlipayHK gives after the contract is signed. For callers acting for another merchant (ISV).
             * @example 2160400000002012
             */
            merchantAccountId?: string;
            /**
             * @deprecated
             * @description Older name of merchantAccountId.
             * @example 2160120000000001
             */
            merchantId?: string;
            /**
             * @description Id of the mini program.
             * @example 2021003129621234
             */
            tinyAppId?: string;
        } & ({
            userId: string;
        } | {
            openId: string;
        });
        /**
         * Admission tickets
         * @description Extra fields of merchantBizType PASS_TICKET. The page could be read only in part, and the part that was read marks nothing here as required.
         */
        Order_PASS_TICKET: components["schemas"]["OrderBase"] & {
            /** @constant */
            merchantBizType: "PASS_TICKET";
            amount?: components["schemas"]["Money"];
            payAmount?: components["schemas"]["Money"];
            /**
             * @description Number of the payment. Inferred from the other ticket pages.
             * @example 2025052219071000010000017425001
             */
            tradeNo?: string;
            /**
             * @description Content of the ticket card. Inferred from the other ticket pages; children are not known.
             * @example {
             *       "title": {
             *         "zh_HK": "海濱樂園",
             *         "en_US": "Harbourfront Park"
             *       }
             *     }
             */
            extInfo?: {
                [key: string]: unknown;
            };
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            merchantBizType: "PASS_TICKET";
        };
        /**
         * Cinema tickets
         * @description Extra fields of merchantBizType MOVIE_TICKET. AlipayHK shows its reminder two hours before the film starts.
         */
        Order_MOVIE_TICKET: components["schemas"]["OrderBase"] & {
            /** @constant */
            merchantBizType: "MOVIE_TICKET";
            amount?: components["schemas"]["Money"];
            payAmount?: components["schemas"]["Money"];
            /**
             * @description Number of the payment.
             * @example 2025052219071000010000017425001
             */
            tradeNo?: string;
            /** @description Content of the ticket card. The older page describes: merchant's order id and link to the order; the code to show (value and message); template code from AlipayHK; start and end of display and of the event in milliseconds; address; number of uses left as text; per language the cinema, house, address, tags and seats. Most names of these children are not known, so none is enforced. */
            extInfo: {
                /**
                 * @description Start of the film; two hours before it the reminder appears.
                 * @example 1747908000000
                 */
                start_time?: unknown;
            } & {
                [key: string]: unknown;
            };
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            merchantBizType: "MOVIE_TICKET";
        };
        /**
         * Train tickets
         * @description Extra fields of merchantBizType TRAIN_TICKET.
         */
        Order_TRAIN_TICKET: components["schemas"]["OrderBase"] & {
            /** @constant */
            merchantBizType: "TRAIN_TICKET";
            amount?: components["schemas"]["Money"];
            payAmount?: components["schemas"]["Money"];
            /**
             * @description Number of the payment.
             * @example 2025052219071000010000017425001
             */
            tradeNo?: string;
            /**
             * @description Content of the ticket card. Children are not known.
             * @example {
             *       "title": {
             *         "zh_HK": "海濱樂園",
             *         "en_US": "Harbourfront Park"
             *       }
             *     }
             */
            extInfo: {
                [key: string]: unknown;
            };
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            merchantBizType: "TRAIN_TICKET";
        };
        /**
         * Auto-deducted voucher
         * @description Extra fields of merchantBizType ALIPAY_COUPON.
         */
        Order_ALIPAY_COUPON: components["schemas"]["OrderBase"] & {
            /** @constant */
            merchantBizType: "ALIPAY_COUPON";
            /**
             * @description Number of the payment.
             * @example 2025052219071000010000017425001
             */
            tradeNo?: string;
            amount?: components["schemas"]["Money"];
            payAmount?: components["schemas"]["Money"];
            /**
             * @description Content of the voucher. Children are not known.
             * @example {
             *       "title": {
             *         "zh_HK": "海濱樂園",
             *         "en_US": "Harbourfront Park"
             *       }
             *     }
             */
            extInfo: {
                [key: string]: unknown;
            };
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            merchantBizType: "ALIPAY_COUPON";
        };
        /**
         * Coupon with code
         * @description Extra fields of merchantBizType GIFT_CARD_COUPON. The part of the page that could be read marks nothing here as required.
         */
        Order_GIFT_CARD_COUPON: components["schemas"]["OrderBase"] & {
            /** @constant */
            merchantBizType: "GIFT_CARD_COUPON";
            /**
             * @description Number of the payment.
             * @example 2025052219071000010000017425001
             */
            tradeNo?: string;
            amount?: components["schemas"]["Money"];
            payAmount?: components["schemas"]["Money"];
            /**
             * @description Content of the coupon. Children are not known.
             * @example {
             *       "title": {
             *         "zh_HK": "海濱樂園",
             *         "en_US": "Harbourfront Park"
             *       }
             *     }
             */
            extInfo?: {
                [key: string]: unknown;
            };
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            merchantBizType: "GIFT_CARD_COUPON";
        };
        /**
         * Charging of electric vehicles
         * @description Extra fields of merchantBizType CHARGING_PILE.
         */
        Order_CHARGING_PILE: components["schemas"]["OrderBase"] & {
            /** @constant */
            merchantBizType: "CHARGING_PILE";
            /**
             * @description Number of the payment.
             * @example 2025052219071000010000017425001
             */
            tradeNo?: string;
            /** @description Content of the charging card. Most children are not known; those named below come from the older page. */
            extInfo: {
                /**
                 * @description Cost of charging, an object with value and currency (older page). Not enforced.
                 * @example {
                 *       "value": "6500",
                 *       "currency": "HKD"
                 *     }
                 */
                amount?: unknown;
                /**
                 * @description Surcharge (older page). Not enforced.
                 * @example {
                 *       "value": "500",
                 *       "currency": "HKD"
                 *     }
                 */
                surcharge_amount?: unknown;
            } & {
                [key: string]: unknown;
            };
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            merchantBizType: "CHARGING_PILE";
        };
        /**
         * Queueing
         * @description Extra fields of merchantBizType LINE_UP.
         */
        Order_LINE_UP: components["schemas"]["OrderBase"] & {
            /** @constant */
            merchantBizType: "LINE_UP";
            /** @description The shop. */
            shopInfo: {
                /** @description More about the shop, among it a link to it. */
                extInfo?: {
                    /** @description Texts by language. */
                    multiLang?: {
                        /**
                         * @description Display name and address of the shop in Traditional Chinese. Names of the children are not known.
                         * @example {
                         *       "name": "龍景軒"
                         *     }
                         */
                        zh_HK?: unknown;
                        /**
                         * @description Display name and address of the shop in English. Names of the children are not known.
                         * @example {
                         *       "name": "Lung King Heen"
                         *     }
                         */
                        en_US?: unknown;
                    } & {
                        [key: string]: unknown;
                    };
                } & {
                    [key: string]: unknown;
                };
            } & {
                [key: string]: unknown;
            };
            /**
             * @description Content of the queue card: the queue number, the tables ahead (0 after CALL_NUM, to be kept up to date) and the estimated wait in minutes. Names of the children are not known.
             * @example {
             *       "queueNo": "A12"
             *     }
             */
            extInfo: {
                [key: string]: unknown;
            };
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            merchantBizType: "LINE_UP";
        };
        /**
         * Ride hailing
         * @description Extra fields of merchantBizType RIDE_HAILING.
         */
        Order_RIDE_HAILING: components["schemas"]["OrderBase"] & {
            /** @constant */
            merchantBizType: "RIDE_HAILING";
            /** @description Content of the ride card. The children below are those of AlipayHK's performance notification API; none is enforced. The page shows as remaining minutes: driver_board_duration - (now - service_start_time) / 60000. */
            extInfo: {
                /**
                 * @description Links, an array.
                 * @example [
                 *       {
                 *         "url": "alipayhk://platformapi/startapp?appId=20000067"
                 *       }
                 *     ]
                 */
                action_url?: unknown;
                /**
                 * @description Colour of the car.
                 * @example white
                 */
                auto_color?: unknown;
                /**
                 * @description Model of the car.
                 * @example Toyota Crown
                 */
                auto_model?: unknown;
                /**
                 * @description Minutes until the driver arrives, as text.
                 * @example 5
                 */
                driver_board_duration?: unknown;
                /**
                 * @description Estimated cost in cents, an array.
                 * @example [
                 *       "12800"
                 *     ]
                 */
                estimated_cost?: unknown;
                /**
                 * @description Price of the ride.
                 * @example 12800
                 */
                ride_price?: unknown;
                /**
                 * @description Milliseconds; start of the countdown.
                 * @example 1747893741000
                 */
                service_start_time?: unknown;
                /**
                 * @description Duration to the destination.
                 * @example 18
                 */
                ride_dest_duration?: unknown;
            } & {
                [key: string]: unknown;
            };
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            merchantBizType: "RIDE_HAILING";
        };
        /**
         * Self pick-up
         * @description Extra fields of merchantBizType SELF_PICK.
         */
        Order_SELF_PICK: components["schemas"]["OrderBase"] & {
            /** @constant */
            merchantBizType: "SELF_PICK";
            amount: components["schemas"]["Money"];
            discountAmount?: components["schemas"]["Money"];
            actualAmount?: components["schemas"]["Money"];
            /**
             * @description Number of the payment.
             * @example 2025052219071000010000017425001
             */
            tradeNo?: string;
            /**
             * @description The items ordered. Children are not known.
             * @example [
             *       {
             *         "itemName": "Milk tea",
             *         "quantity": "1"
             *       }
             *     ]
             */
            itemOrderList: {
                [key: string]: unknown;
            }[];
            /**
             * @description The shop. Children are not known.
             * @example {
             *       "shopName": "Harbourfront Café"
             *     }
             */
            shopInfo: {
                [key: string]: unknown;
            };
            /**
             * @description Content of the order card. Children are not known.
             * @example {
             *       "title": {
             *         "zh_HK": "海濱樂園",
             *         "en_US": "Harbourfront Park"
             *       }
             *     }
             */
            extInfo: {
                [key: string]: unknown;
            };
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            merchantBizType: "SELF_PICK";
        };
        SyncOrderResponse: {
            result: components["schemas"]["Result"];
            /**
             * @description AlipayHK's id of the order.
             * @example 20250522012345678901234567890123
             */
            orderId?: string;
            /**
             * @description The status that AlipayHK has now.
             * @example TICKETED
             */
            orderStatus?: string;
            /**
             * @description Outcome per voucher. Printed on the page of the auto-deducted voucher only; children are not known.
             * @example [
             *       {
             *         "code": "SUCCESS"
             *       }
             *     ]
             */
            distributeResult?: {
                [key: string]: unknown;
            }[];
        };
        /** @description New content or the end of a membership card. At least one of userId and openId is required; updateDetailType is required when status is UPDATE. */
        UpdateMembershipCardRequest: {
            /**
             * @description The merchant.
             * @example 2160120000000001
             */
            merchantId: string;
            /**
             * @description The Alipay user. This or openId is required.
             * @example 2160120074526881
             */
            userId?: string;
            /**
             * @description The user's authorization id for this merchant. This or userId is required.
             * @example 2160120074526881
             */
            openId?: string;
            /**
             * @description The merchant's card template, as named by AlipayHK.
             * @example MEMBER_CARD_TEMPLATE_01
             */
            templateCode?: string;
            /**
             * @description The user's card.
             * @example 2025052200012345
             */
            passId: string;
            /**
             * @description CLOSED ends the card, UPDATE changes its content.
             * @enum {string}
             */
            status: "CLOSED" | "UPDATE";
            /**
             * @description UPDATE_MEMBER_CARD changes points and level together. Required when status is UPDATE.
             * @enum {string}
             */
            updateDetailType?: "UPDATE_MEMBER_CARD";
            /**
             * @description When the card expires.
             * @example 4070908800000
             */
            endDate?: number;
            /**
             * @description Data to be updated. The page names three children. The others are placeholders of the card's
             *     template, in one of two shapes:
             *
             *     - by locale: `en_US`, `zh_HK` and so on, each an object of placeholders (`$points$`)
             *     - flat: placeholders with the locale in the name (`$name_zh_HK$`); text, a number, null, or
             *       money as `{cent, currency}`
             *
             *     A top-level key that an update does not carry keeps its value (E-24).
             */
            dataInfo?: {
                /**
                 * @description AlipayHK's number of the transaction. Null if it was not made with Alipay.
                 * @example 2025052219071000010000017425001
                 */
                billNo?: string | null;
                /**
                 * @description Points by which the balance has changed. Null if the transaction was not made with Alipay. Its type is not printed.
                 * @example 120
                 */
                lastChangePoints?: string | number | null;
                /**
                 * @description Who gives the points; AlipayHK's transaction notification knows ALIPAYHK and ALIPAYCN. Null if the transaction was not made with Alipay.
                 * @example ALIPAYHK
                 */
                pointsProvider?: string | null;
            } & {
                [key: string]: unknown;
            };
            /**
             * @description New code of the card, if it changes; agree this with AlipayHK first. null clears it (G-27).
             * @example {
             *       "$codevalue$": "8888000012345678",
             *       "$codemsg$": "8888 0000 1234 5678"
             *     }
             */
            codeInfo?: ({
                /** @description Text shown with the code. */
                $codemsg$?: string;
                /** @description The code itself. */
                $codevalue$?: string;
            } & {
                [key: string]: unknown;
            }) | null;
        } & ({
            userId: string;
        } | {
            openId: string;
        });
        UpdateMembershipCardResponse: {
            resultInfo: components["schemas"]["Result"];
        };
    };
    responses: {
        /** @description The same refusals with an HTTP status that matches them. Sent only under the setting `httpStatus: semantic` (G-03). */
        SyncAdditionalInfoRefusal: {
            headers: {
                "client-id": components["headers"]["client-id"];
                signature: components["headers"]["signature"];
                "response-time": components["headers"]["response-time"];
                "tracer-id": components["headers"]["tracer-id"];
                encrypt: components["headers"]["encrypt"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["SyncAdditionalInfoResponse"];
                "text/plain": components["schemas"]["SealedBody"];
            };
        };
        /** @description The same refusals with an HTTP status that matches them. Sent only under the setting `httpStatus: semantic` (G-03). */
        SyncAccountLinkageRefusal: {
            headers: {
                "client-id": components["headers"]["client-id"];
                signature: components["headers"]["signature"];
                "response-time": components["headers"]["response-time"];
                "tracer-id": components["headers"]["tracer-id"];
                encrypt: components["headers"]["encrypt"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["SyncAccountLinkageResponse"];
                "text/plain": components["schemas"]["SealedBody"];
            };
        };
        /** @description The same refusals with an HTTP status that matches them. Sent only under the setting `httpStatus: semantic` (G-03). */
        SyncPaymentInfoRefusal: {
            headers: {
                "client-id": components["headers"]["client-id"];
                signature: components["headers"]["signature"];
                "response-time": components["headers"]["response-time"];
                "tracer-id": components["headers"]["tracer-id"];
                encrypt: components["headers"]["encrypt"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["SyncPaymentInfoResponse"];
                "text/plain": components["schemas"]["SealedBody"];
            };
        };
        /** @description The same refusals with an HTTP status that matches them. Sent only under the setting `httpStatus: semantic` (G-03). */
        SyncOrderRefusal: {
            headers: {
                "client-id": components["headers"]["client-id"];
                signature: components["headers"]["signature"];
                "response-time": components["headers"]["response-time"];
                "tracer-id": components["headers"]["tracer-id"];
                encrypt: components["headers"]["encrypt"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["SyncOrderResponse"];
                "text/plain": components["schemas"]["SealedBody"];
            };
        };
        /** @description The same refusals with an HTTP status that matches them. Sent only under the setting `httpStatus: semantic` (G-03). */
        UpdateMembershipCardRefusal: {
            headers: {
                "client-id": components["headers"]["client-id"];
                signature: components["headers"]["signature"];
                "response-time": components["headers"]["response-time"];
                "tracer-id": components["headers"]["tracer-id"];
                encrypt: components["headers"]["encrypt"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["UpdateMembershipCardResponse"];
                "text/plain": components["schemas"]["SealedBody"];
            };
        };
    };
    parameters: {
        /** @description Identifies the partner's system. Given by AlipayHK; no format is enforced. */
        ClientId: string;
        /**
         * @description A list of `key=value` pairs, separated by commas:
         *
         *     - `algorithm`: `RSA256` (the default) or `ECC224`
         *     - `keyVersion`: version of the signing key registered for the Client-Id; the newest by
         *       default
         *     - `signature`: base64, then URL-encoded
         */
        Signature: string;
        /**
         * @description Present if and only if the body is encrypted. A list of `key=value` pairs, separated by
         *     commas:
         *
         *     - `algorithm`: `RSA_AES`, the only one supported
         *     - `keyVersion`: version of the recipient's key that wraps the symmetric key; the newest by
         *       default
         *     - `symmetricKey`: the wrapped AES key, base64, then URL-encoded
         */
        Encrypt: string;
        /** @description Time of the request, ISO-8601 with time zone. Signed exactly as sent. */
        RequestTime: string;
        /** @description Token that proves that an integrator may act for a merchant. Not signed. */
        AgentToken: string;
    };
    requestBodies: never;
    headers: {
        /** @description The request's Client-Id, repeated, on refusals too. Sent in lower case. Absent unless the request had exactly one. */
        "client-id": string;
        /** @description Signature of the answer, exactly `algorithm=...,keyVersion=...,signature=<url-encoded base64>` in this order. Sent in lower case. Absent on refusals up to and including the signature check (G-04). */
        signature: string;
        /** @description Time of the answer, ISO-8601 with time zone; part of the signed text. Sent in lower case. Absent on refusals up to and including the signature check. */
        "response-time": string;
        /** @description Id of this exchange, on every response. 7 lower-case letters and 21 digits. Sent in lower case. */
        "tracer-id": string;
        /** @description Present when, and only when, the answer is sealed; same form as in requests, with a fresh key wrapped for the client's public key. Sent in lower case. */
        encrypt: string;
    };
    pathItems: never;
}
export type SealedBody = components['schemas']['SealedBody'];
export type Result = components['schemas']['Result'];
export type Merchant = components['schemas']['Merchant'];
export type Money = components['schemas']['Money'];
export type SyncAdditionalInfoRequest = components['schemas']['SyncAdditionalInfoRequest'];
export type SyncAdditionalInfoResponse = components['schemas']['SyncAdditionalInfoResponse'];
export type SyncAccountLinkageRequest = components['schemas']['SyncAccountLinkageRequest'];
export type SyncAccountLinkageResponse = components['schemas']['SyncAccountLinkageResponse'];
export type SyncPaymentInfoRequest = components['schemas']['SyncPaymentInfoRequest'];
export type SyncPaymentInfoResponse = components['schemas']['SyncPaymentInfoResponse'];
export type SyncOrderRequest = components['schemas']['SyncOrderRequest'];
export type OrderBase = components['schemas']['OrderBase'];
export type OrderPassTicket = components['schemas']['Order_PASS_TICKET'];
export type OrderMovieTicket = components['schemas']['Order_MOVIE_TICKET'];
export type OrderTrainTicket = components['schemas']['Order_TRAIN_TICKET'];
export type OrderAlipayCoupon = components['schemas']['Order_ALIPAY_COUPON'];
export type OrderGiftCardCoupon = components['schemas']['Order_GIFT_CARD_COUPON'];
export type OrderChargingPile = components['schemas']['Order_CHARGING_PILE'];
export type OrderLineUp = components['schemas']['Order_LINE_UP'];
export type OrderRideHailing = components['schemas']['Order_RIDE_HAILING'];
export type OrderSelfPick = components['schemas']['Order_SELF_PICK'];
export type SyncOrderResponse = components['schemas']['SyncOrderResponse'];
export type UpdateMembershipCardRequest = components['schemas']['UpdateMembershipCardRequest'];
export type UpdateMembershipCardResponse = components['schemas']['UpdateMembershipCardResponse'];
export type ResponseSyncAdditionalInfoRefusal = components['responses']['SyncAdditionalInfoRefusal'];
export type ResponseSyncAccountLinkageRefusal = components['responses']['SyncAccountLinkageRefusal'];
export type ResponseSyncPaymentInfoRefusal = components['responses']['SyncPaymentInfoRefusal'];
export type ResponseSyncOrderRefusal = components['responses']['SyncOrderRefusal'];
export type ResponseUpdateMembershipCardRefusal = components['responses']['UpdateMembershipCardRefusal'];
export type ParameterClientId = components['parameters']['ClientId'];
export type ParameterSignature = components['parameters']['Signature'];
export type ParameterEncrypt = components['parameters']['Encrypt'];
export type ParameterRequestTime = components['parameters']['RequestTime'];
export type ParameterAgentToken = components['parameters']['AgentToken'];
export type HeaderClientId = components['headers']['client-id'];
export type HeaderSignature = components['headers']['signature'];
export type HeaderResponseTime = components['headers']['response-time'];
export type HeaderTracerId = components['headers']['tracer-id'];
export type HeaderEncrypt = components['headers']['encrypt'];
export type $defs = Record<string, never>;
export interface operations {
    syncAdditionalInfo: {
        parameters: {
            query?: never;
            header: {
                /** @description Identifies the partner's system. Given by AlipayHK; no format is enforced. */
                "Client-Id": components["parameters"]["ClientId"];
                /**
                 * @description A list of `key=value` pairs, separated by commas:
                 *
                 *     - `algorithm`: `RSA256` (the default) or `ECC224`
                 *     - `keyVersion`: version of the signing key registered for the Client-Id; the newest by
                 *       default
                 *     - `signature`: base64, then URL-encoded
                 */
                Signature: components["parameters"]["Signature"];
                /**
                 * @description Present if and only if the body is encrypted. A list of `key=value` pairs, separated by
                 *     commas:
                 *
                 *     - `algorithm`: `RSA_AES`, the only one supported
                 *     - `keyVersion`: version of the recipient's key that wraps the symmetric key; the newest by
                 *       default
                 *     - `symmetricKey`: the wrapped AES key, base64, then URL-encoded
                 */
                Encrypt?: components["parameters"]["Encrypt"];
                /** @description Time of the request, ISO-8601 with time zone. Signed exactly as sent. */
                "Request-Time": components["parameters"]["RequestTime"];
                /** @description Token that proves that an integrator may act for a merchant. Not signed. */
                "Agent-Token"?: components["parameters"]["AgentToken"];
            };
            path?: never;
            cookie?: never;
        };
        /** @description JSON in UTF-8, or its encrypted form. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["SyncAdditionalInfoRequest"];
                "text/plain": components["schemas"]["SealedBody"];
            };
        };
        responses: {
            /** @description The outcome, also when it is a failure or a refusal. */
            200: {
                headers: {
                    "client-id": components["headers"]["client-id"];
                    signature: components["headers"]["signature"];
                    "response-time": components["headers"]["response-time"];
                    "tracer-id": components["headers"]["tracer-id"];
                    encrypt: components["headers"]["encrypt"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SyncAdditionalInfoResponse"];
                    "text/plain": components["schemas"]["SealedBody"];
                };
            };
            "4XX": components["responses"]["SyncAdditionalInfoRefusal"];
            "5XX": components["responses"]["SyncAdditionalInfoRefusal"];
        };
    };
    syncAccountLinkage: {
        parameters: {
            query?: never;
            header: {
                /** @description Identifies the partner's system. Given by AlipayHK; no format is enforced. */
                "Client-Id": components["parameters"]["ClientId"];
                /**
                 * @description A list of `key=value` pairs, separated by commas:
                 *
                 *     - `algorithm`: `RSA256` (the default) or `ECC224`
                 *     - `keyVersion`: version of the signing key registered for the Client-Id; the newest by
                 *       default
                 *     - `signature`: base64, then URL-encoded
                 */
                Signature: components["parameters"]["Signature"];
                /**
                 * @description Present if and only if the body is encrypted. A list of `key=value` pairs, separated by
                 *     commas:
                 *
                 *     - `algorithm`: `RSA_AES`, the only one supported
                 *     - `keyVersion`: version of the recipient's key that wraps the symmetric key; the newest by
                 *       default
                 *     - `symmetricKey`: the wrapped AES key, base64, then URL-encoded
                 */
                Encrypt?: components["parameters"]["Encrypt"];
                /** @description Time of the request, ISO-8601 with time zone. Signed exactly as sent. */
                "Request-Time": components["parameters"]["RequestTime"];
                /** @description Token that proves that an integrator may act for a merchant. Not signed. */
                "Agent-Token"?: components["parameters"]["AgentToken"];
            };
            path?: never;
            cookie?: never;
        };
        /** @description JSON in UTF-8, or its encrypted form. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["SyncAccountLinkageRequest"];
                "text/plain": components["schemas"]["SealedBody"];
            };
        };
        responses: {
            /** @description The outcome, also when it is a failure or a refusal. */
            200: {
                headers: {
                    "client-id": components["headers"]["client-id"];
                    signature: components["headers"]["signature"];
                    "response-time": components["headers"]["response-time"];
                    "tracer-id": components["headers"]["tracer-id"];
                    encrypt: components["headers"]["encrypt"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SyncAccountLinkageResponse"];
                    "text/plain": components["schemas"]["SealedBody"];
                };
            };
            "4XX": components["responses"]["SyncAccountLinkageRefusal"];
            "5XX": components["responses"]["SyncAccountLinkageRefusal"];
        };
    };
    syncPaymentInfo: {
        parameters: {
            query?: never;
            header: {
                /** @description Identifies the partner's system. Given by AlipayHK; no format is enforced. */
                "Client-Id": components["parameters"]["ClientId"];
                /**
                 * @description A list of `key=value` pairs, separated by commas:
                 *
                 *     - `algorithm`: `RSA256` (the default) or `ECC224`
                 *     - `keyVersion`: version of the signing key registered for the Client-Id; the newest by
                 *       default
                 *     - `signature`: base64, then URL-encoded
                 */
                Signature: components["parameters"]["Signature"];
                /**
                 * @description Present if and only if the body is encrypted. A list of `key=value` pairs, separated by
                 *     commas:
                 *
                 *     - `algorithm`: `RSA_AES`, the only one supported
                 *     - `keyVersion`: version of the recipient's key that wraps the symmetric key; the newest by
                 *       default
                 *     - `symmetricKey`: the wrapped AES key, base64, then URL-encoded
                 */
                Encrypt?: components["parameters"]["Encrypt"];
                /** @description Time of the request, ISO-8601 with time zone. Signed exactly as sent. */
                "Request-Time": components["parameters"]["RequestTime"];
                /** @description Token that proves that an integrator may act for a merchant. Not signed. */
                "Agent-Token"?: components["parameters"]["AgentToken"];
            };
            path?: never;
            cookie?: never;
        };
        /** @description JSON in UTF-8, or its encrypted form. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["SyncPaymentInfoRequest"];
                "text/plain": components["schemas"]["SealedBody"];
            };
        };
        responses: {
            /** @description The outcome, also when it is a failure or a refusal. */
            200: {
                headers: {
                    "client-id": components["headers"]["client-id"];
                    signature: components["headers"]["signature"];
                    "response-time": components["headers"]["response-time"];
                    "tracer-id": components["headers"]["tracer-id"];
                    encrypt: components["headers"]["encrypt"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SyncPaymentInfoResponse"];
                    "text/plain": components["schemas"]["SealedBody"];
                };
            };
            "4XX": components["responses"]["SyncPaymentInfoRefusal"];
            "5XX": components["responses"]["SyncPaymentInfoRefusal"];
        };
    };
    syncOrder: {
        parameters: {
            query?: never;
            header: {
                /** @description Identifies the partner's system. Given by AlipayHK; no format is enforced. */
                "Client-Id": components["parameters"]["ClientId"];
                /**
                 * @description A list of `key=value` pairs, separated by commas:
                 *
                 *     - `algorithm`: `RSA256` (the default) or `ECC224`
                 *     - `keyVersion`: version of the signing key registered for the Client-Id; the newest by
                 *       default
                 *     - `signature`: base64, then URL-encoded
                 */
                Signature: components["parameters"]["Signature"];
                /**
                 * @description Present if and only if the body is encrypted. A list of `key=value` pairs, separated by
                 *     commas:
                 *
                 *     - `algorithm`: `RSA_AES`, the only one supported
                 *     - `keyVersion`: version of the recipient's key that wraps the symmetric key; the newest by
                 *       default
                 *     - `symmetricKey`: the wrapped AES key, base64, then URL-encoded
                 */
                Encrypt?: components["parameters"]["Encrypt"];
                /** @description Time of the request, ISO-8601 with time zone. Signed exactly as sent. */
                "Request-Time": components["parameters"]["RequestTime"];
                /** @description Token that proves that an integrator may act for a merchant. Not signed. */
                "Agent-Token"?: components["parameters"]["AgentToken"];
            };
            path?: never;
            cookie?: never;
        };
        /** @description JSON in UTF-8, or its encrypted form. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["SyncOrderRequest"];
                "text/plain": components["schemas"]["SealedBody"];
            };
        };
        responses: {
            /** @description The outcome, also when it is a failure or a refusal. */
            200: {
                headers: {
                    "client-id": components["headers"]["client-id"];
                    signature: components["headers"]["signature"];
                    "response-time": components["headers"]["response-time"];
                    "tracer-id": components["headers"]["tracer-id"];
                    encrypt: components["headers"]["encrypt"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SyncOrderResponse"];
                    "text/plain": components["schemas"]["SealedBody"];
                };
            };
            "4XX": components["responses"]["SyncOrderRefusal"];
            "5XX": components["responses"]["SyncOrderRefusal"];
        };
    };
    updateMembershipCard: {
        parameters: {
            query?: never;
            header: {
                /** @description Identifies the partner's system. Given by AlipayHK; no format is enforced. */
                "Client-Id": components["parameters"]["ClientId"];
                /**
                 * @description A list of `key=value` pairs, separated by commas:
                 *
                 *     - `algorithm`: `RSA256` (the default) or `ECC224`
                 *     - `keyVersion`: version of the signing key registered for the Client-Id; the newest by
                 *       default
                 *     - `signature`: base64, then URL-encoded
                 */
                Signature: components["parameters"]["Signature"];
                /**
                 * @description Present if and only if the body is encrypted. A list of `key=value` pairs, separated by
                 *     commas:
                 *
                 *     - `algorithm`: `RSA_AES`, the only one supported
                 *     - `keyVersion`: version of the recipient's key that wraps the symmetric key; the newest by
                 *       default
                 *     - `symmetricKey`: the wrapped AES key, base64, then URL-encoded
                 */
                Encrypt?: components["parameters"]["Encrypt"];
                /** @description Time of the request, ISO-8601 with time zone. Signed exactly as sent. */
                "Request-Time": components["parameters"]["RequestTime"];
                /** @description Token that proves that an integrator may act for a merchant. Not signed. */
                "Agent-Token"?: components["parameters"]["AgentToken"];
            };
            path?: never;
            cookie?: never;
        };
        /** @description JSON in UTF-8, or its encrypted form. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateMembershipCardRequest"];
                "text/plain": components["schemas"]["SealedBody"];
            };
        };
        responses: {
            /** @description The outcome, also when it is a failure or a refusal. */
            200: {
                headers: {
                    "client-id": components["headers"]["client-id"];
                    signature: components["headers"]["signature"];
                    "response-time": components["headers"]["response-time"];
                    "tracer-id": components["headers"]["tracer-id"];
                    encrypt: components["headers"]["encrypt"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpdateMembershipCardResponse"];
                    "text/plain": components["schemas"]["SealedBody"];
                };
            };
            "4XX": components["responses"]["UpdateMembershipCardRefusal"];
            "5XX": components["responses"]["UpdateMembershipCardRefusal"];
        };
    };
}
