/* Generated from openapi/outbound.yaml by npm run generate. */

export type paths = Record<string, never>;
export interface webhooks {
    "create-membership": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create a merchant membership for a user. */
        post: operations["createMembership"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "bill-notify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A transaction record of a user, for whom the merchant adds points. */
        post: operations["billNotify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "query-unpaid-bills": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The unpaid bills of an account. */
        post: operations["queryUnpaidBills"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "query-account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The accounts of a user, when the page opens for the first time after binding. */
        post: operations["queryAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "verify-account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Whether a mobile number can be topped up. */
        post: operations["verifyAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "top-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create the order of a prepaid top-up. */
        post: operations["topUp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "query-latest-payment-info": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The latest payment information of a user who is not bound yet. */
        post: operations["queryLatestPaymentInfo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "unbind-account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A user has unbound a bill account. */
        post: operations["unbindAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "bind-account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A user binds a bill account. */
        post: operations["bindAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "create-bill-order": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create the merchant order of one or several bills. */
        post: operations["createBillOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "create-add-on-order": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create the order of an add-on purchase. */
        post: operations["createAddOnOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "add-on-order-notify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The end of an add-on purchase, paid or closed. */
        post: operations["addOnOrderNotify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "payment-notify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The result of a payment, sent to notify_url. */
        post: operations["paymentNotify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "authorization-cancel-notify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A user has cancelled an authorisation. */
        post: operations["authorizationCancelNotify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "sister-payment-notify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The payment notification of the sister wallets. */
        post: operations["sisterPaymentNotify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        Result: {
            resultCode: string;
            /**
             * @description Only SUCCESS ends the retries of a notification (OB-16).
             * @enum {string}
             */
            resultStatus: "S" | "F" | "U";
            resultMessage?: string;
        };
        ResultInfo: {
            /** @enum {string} */
            resultStatus: "S" | "F" | "U";
            /** @description `00000000` for success. */
            resultCodeId?: string;
            resultCode: string;
            resultMsg?: string;
        };
        Answer: {
            result: components["schemas"]["Result"];
        };
        /** @description Only `function` and `respTime` are named by a page; the rest is inferred. */
        OlderHead: {
            version?: string;
            function?: string;
            clientId?: string;
            reqTime?: string;
            reqMsgId?: string;
            respTime?: string;
        };
        OlderAnswerBody: {
            head?: components["schemas"]["OlderHead"];
            body: {
                resultInfo: components["schemas"]["ResultInfo"];
            };
        };
        /** @description The head and body, in `response` or directly; `signature` is optional (OB-17). */
        OlderAnswer: {
            response: components["schemas"]["OlderAnswerBody"];
            signature?: string;
        } | components["schemas"]["OlderAnswerBody"];
        CentsNumber: {
            currency: string;
            /** @description Whole cents. */
            value: number;
        };
        CentsText: {
            currency: string;
            /** @description Whole cents as text. */
            value: string;
        };
        DollarAmount: {
            currency: string;
            /** @description Dollars as a number. */
            amount: number;
        };
        CreateMembership: {
            userId: string;
            mobileNo?: string;
            userEmail?: string;
            /** @description Cross-border. */
            createCardChannel?: string;
        } | unknown | unknown;
        BillNotify: {
            userId: string;
            billNo: string;
            payTime: string;
            /** @enum {string} */
            pointsProvider: "ALIPAYHK" | "ALIPAYCN";
            orderAmount: components["schemas"]["CentsNumber"];
            cnBillNo?: string;
            merchantId?: string;
            merchantName?: string;
            outBillNo?: string;
            pmsLabel?: string;
        };
        UserReference: {
            openId?: string;
            userId?: string;
        } | unknown | unknown;
        QueryUnpaidBills: components["schemas"]["UserReference"] & {
            accountId: string;
            merchantAccountId: string;
            subMerchantId?: string;
            /**
             * @description JSON as text.
             * @default {"queryType":["BILLS"]}
             */
            type: string;
        };
        UnpaidBills: {
            result: components["schemas"]["Result"];
            openId?: string;
            accountId?: string;
            /** @enum {string} */
            autoDebitStatus?: "AUTO_DEBIT" | "UN_AUTO_DEBIT";
            /** @description JSON as text. */
            accountExtInfo?: string;
            /** @description The fields are not known. */
            bills?: Record<string, never>[];
        };
        QueryAccount: components["schemas"]["UserReference"];
        Accounts: {
            result: components["schemas"]["Result"];
            openId?: string;
            /** @description The fields are not known. */
            accounts?: Record<string, never>[];
        };
        VerifyAccount: {
            mobileNo: string;
            /** @example 852 */
            mobileCountryCode: string;
            userId?: string;
            openId?: string;
            merchantAccountId?: string;
            segmentId?: string;
        };
        VerifiedAccount: {
            result: components["schemas"]["Result"];
            /** @description The fields are not known. */
            accountInfo?: unknown;
        };
        TopUp: components["schemas"]["UserReference"] & {
            requestId: string;
            mobileNo: string;
            mobileCountryCode: string;
            /** @description Cents as text. */
            amount: string;
            currency: string;
            merchantAccountId?: string;
            segmentId?: string;
            businessId?: string;
        };
        TopUpOrder: {
            result: components["schemas"]["Result"];
            /** @enum {string} */
            acquiringSite: "aboss" | "ipay";
            /** @description The fields are not known. */
            orderInfo?: unknown;
        };
        QueryLatestPaymentInfo: components["schemas"]["UserReference"];
        LatestPaymentInfo: {
            result: components["schemas"]["Result"];
            openId?: string;
            /** @description The fields are not known. */
            accountPaymentInfos?: Record<string, never>[];
        };
        UnbindAccount: {
            request: {
                head: components["schemas"]["OlderHead"];
                body: components["schemas"]["UnbindAccountBody"];
            };
            /** @description Base64 of SHA256withRSA over the exact text of `request`. */
            signature?: string;
        };
        UnbindAccountBody: {
            merchantAccountId: string;
            subMerchantId: string;
            accountId: string;
            openId: string;
            authSiteUserId: string;
            timestamp: string;
            /** @description The fields are not known. */
            extendInfo?: unknown;
        };
        BindAccount: {
            request: {
                head: components["schemas"]["OlderHead"];
                body: components["schemas"]["BindAccountBody"];
            };
            /** @description Base64 of SHA256withRSA over the exact text of `request`. */
            signature?: string;
        };
        BindAccountBody: {
            merchantAccountId: string;
            type: string;
            subType: string;
            /** @enum {string} */
            source: "BY_TEMPLATE" | "NORMAL";
            openId: string;
            userId: string;
            timestamp: string;
            accountId?: string;
            accountInfo?: {
                formCode?: string;
                formValue?: string;
            };
        } | unknown | unknown;
        CreateBillOrder: {
            request: {
                head: components["schemas"]["OlderHead"];
                body: components["schemas"]["CreateBillOrderBody"];
            };
            /** @description Base64 of SHA256withRSA over the exact text of `request`. */
            signature?: string;
        };
        CreateBillOrderBody: components["schemas"]["UserReference"] & {
            requestId: string;
            merchantAccountId: string;
            /** @enum {string} */
            orderType: "SINGLE_PAYMENT_ORDER" | "BILL_ORDER";
            accountId: string;
            /** @description The fields are not known. */
            bills?: unknown;
            orderAmount?: components["schemas"]["CentsText"];
            source?: string;
            /** @description The fields are not known. */
            paymentInfo?: unknown;
        };
        AddOnPurchase: {
            orderAmount: components["schemas"]["DollarAmount"];
            goodsList: {
                price?: string;
                quantity?: string;
                title?: string;
            }[];
        };
        CreateAddOnOrder: {
            requestId: string;
            order: components["schemas"]["AddOnPurchase"];
            /** @description JSON as text. */
            extendInfo?: string;
        };
        AddOnOrder: {
            result: components["schemas"]["Result"];
            merchantTransId?: string;
            /** @description The simulator never calls it; add-on-order-notify goes to the configured address. */
            merchantNotifyUrl?: string;
        };
        AddOnOrderNotify: {
            orderId: string;
            merchantTransId: string;
            createTime?: string;
            paymentTime?: string;
            /** @enum {string} */
            orderStatus: "SUCCESS" | "CLOSE";
            order?: components["schemas"]["AddOnPurchase"];
            userInfo?: {
                /** @description Masked. */
                loginId?: string;
                userId?: string;
            };
            /** @description JSON as text. */
            extendInfo?: string;
        };
        PaymentNotify: {
            request: {
                head: components["schemas"]["OlderHead"];
                body: components["schemas"]["PaymentNotifyBody"];
            };
            /** @description Base64 of SHA256withRSA over the exact text of `request`. */
            signature?: string;
        };
        PaymentNotifyBody: {
            resultInfo: components["schemas"]["ResultInfo"];
            acquirementId: string;
            merchantTransId: string;
            orderAmount: components["schemas"]["CentsText"];
            paymentTime: string;
            /** @description The fields are not known. */
            extendInfo?: unknown;
        };
        AuthorizationCancelNotify: {
            request: {
                head: components["schemas"]["OlderHead"];
                body: components["schemas"]["AuthorizationCancelNotifyBody"];
            };
            /** @description Base64 of SHA256withRSA over the exact text of `request`. */
            signature?: string;
        };
        AuthorizationCancelNotifyBody: {
            cancelTime: string;
            merchantAgreementId?: string;
        };
        SisterPaymentNotify: {
            paymentId: string;
            paymentRequestId: string;
            paymentAmount: components["schemas"]["CentsText"];
            paymentResult: components["schemas"]["Result"];
            paymentTime?: string;
            paymentCreateTime?: string;
            extendInfo?: string;
        };
    };
    responses: {
        /** @description Received. */
        Answer: {
            headers: {
                "client-id": components["headers"]["ClientId"];
                "response-time": components["headers"]["ResponseTime"];
                signature: components["headers"]["Signature"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "result": {
                 *         "resultCode": "SUCCESS",
                 *         "resultStatus": "S",
                 *         "resultMessage": "success"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["Answer"];
            };
        };
        /** @description The result, and fields that no public page lists. */
        OpenAnswer: {
            headers: {
                "client-id": components["headers"]["ClientId"];
                "response-time": components["headers"]["ResponseTime"];
                signature: components["headers"]["Signature"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "result": {
                 *         "resultCode": "SUCCESS",
                 *         "resultStatus": "S",
                 *         "resultMessage": "success"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["Answer"];
            };
        };
        /** @description The unpaid bills. */
        UnpaidBills: {
            headers: {
                "client-id": components["headers"]["ClientId"];
                "response-time": components["headers"]["ResponseTime"];
                signature: components["headers"]["Signature"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "result": {
                 *         "resultCode": "SUCCESS",
                 *         "resultStatus": "S",
                 *         "resultMessage": "success"
                 *       },
                 *       "accountId": "1234567890",
                 *       "autoDebitStatus": "UN_AUTO_DEBIT",
                 *       "bills": []
                 *     }
                 */
                "application/json": components["schemas"]["UnpaidBills"];
            };
        };
        /** @description The accounts. */
        Accounts: {
            headers: {
                "client-id": components["headers"]["ClientId"];
                "response-time": components["headers"]["ResponseTime"];
                signature: components["headers"]["Signature"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "result": {
                 *         "resultCode": "SUCCESS",
                 *         "resultStatus": "S",
                 *         "resultMessage": "success"
                 *       },
                 *       "accounts": []
                 *     }
                 */
                "application/json": components["schemas"]["Accounts"];
            };
        };
        /** @description The account. */
        VerifiedAccount: {
            headers: {
                "client-id": components["headers"]["ClientId"];
                "response-time": components["headers"]["ResponseTime"];
                signature: components["headers"]["Signature"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "result": {
                 *         "resultCode": "SUCCESS",
                 *         "resultStatus": "S",
                 *         "resultMessage": "success"
                 *       },
                 *       "accountInfo": {}
                 *     }
                 */
                "application/json": components["schemas"]["VerifiedAccount"];
            };
        };
        /** @description The order. */
        TopUpOrder: {
            headers: {
                "client-id": components["headers"]["ClientId"];
                "response-time": components["headers"]["ResponseTime"];
                signature: components["headers"]["Signature"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "result": {
                 *         "resultCode": "SUCCESS",
                 *         "resultStatus": "S",
                 *         "resultMessage": "success"
                 *       },
                 *       "acquiringSite": "aboss",
                 *       "orderInfo": {}
                 *     }
                 */
                "application/json": components["schemas"]["TopUpOrder"];
            };
        };
        /** @description The payment information. */
        LatestPaymentInfo: {
            headers: {
                "client-id": components["headers"]["ClientId"];
                "response-time": components["headers"]["ResponseTime"];
                signature: components["headers"]["Signature"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "result": {
                 *         "resultCode": "SUCCESS",
                 *         "resultStatus": "S",
                 *         "resultMessage": "success"
                 *       },
                 *       "accountPaymentInfos": []
                 *     }
                 */
                "application/json": components["schemas"]["LatestPaymentInfo"];
            };
        };
        /** @description The order. */
        AddOnOrder: {
            headers: {
                "client-id": components["headers"]["ClientId"];
                "response-time": components["headers"]["ResponseTime"];
                signature: components["headers"]["Signature"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "result": {
                 *         "resultCode": "SUCCESS",
                 *         "resultStatus": "S",
                 *         "resultMessage": "success"
                 *       },
                 *       "merchantTransId": "M-20260728-0001",
                 *       "merchantNotifyUrl": "https://merchant.example/notify"
                 *     }
                 */
                "application/json": components["schemas"]["AddOnOrder"];
            };
        };
        /** @description The response envelope. */
        OlderAnswer: {
            headers: {
                "client-id": components["headers"]["ClientId"];
                "response-time": components["headers"]["ResponseTime"];
                signature: components["headers"]["Signature"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "response": {
                 *         "head": {
                 *           "respTime": "2026-07-28T10:00:00+08:00"
                 *         },
                 *         "body": {
                 *           "resultInfo": {
                 *             "resultStatus": "S",
                 *             "resultCode": "SUCCESS"
                 *           }
                 *         }
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["OlderAnswer"];
            };
        };
        /** @description Any other HTTP status, or no result SUCCESS; a notification is then sent again. */
        NotAcknowledged: {
            headers: {
                [name: string]: unknown;
            };
            content?: never;
        };
    };
    parameters: {
        /** @description The merchant that is called. */
        ClientId: string;
        /** @description When it was sent, ISO-8601 with offset. */
        RequestTime: string;
        /** @description `algorithm=RSA256,keyVersion=…,signature=…`; verify with the version it names. */
        Signature: string;
        /** @description Present when the body is encrypted for the merchant. */
        Encrypt: string;
    };
    requestBodies: never;
    headers: {
        /** @description The merchant. */
        ClientId: string;
        /** @description When it was answered; part of the signed text. */
        ResponseTime: string;
        /** @description The merchant's signature over path, Client-Id, Response-Time and the body. */
        Signature: string;
    };
    pathItems: never;
}
export type Result = components['schemas']['Result'];
export type ResultInfo = components['schemas']['ResultInfo'];
export type Answer = components['schemas']['Answer'];
export type OlderHead = components['schemas']['OlderHead'];
export type OlderAnswerBody = components['schemas']['OlderAnswerBody'];
export type OlderAnswer = components['schemas']['OlderAnswer'];
export type CentsNumber = components['schemas']['CentsNumber'];
export type CentsText = components['schemas']['CentsText'];
export type DollarAmount = components['schemas']['DollarAmount'];
export type CreateMembership = components['schemas']['CreateMembership'];
export type BillNotify = components['schemas']['BillNotify'];
export type UserReference = components['schemas']['UserReference'];
export type QueryUnpaidBills = components['schemas']['QueryUnpaidBills'];
export type UnpaidBills = components['schemas']['UnpaidBills'];
export type QueryAccount = components['schemas']['QueryAccount'];
export type Accounts = components['schemas']['Accounts'];
export type VerifyAccount = components['schemas']['VerifyAccount'];
export type VerifiedAccount = components['schemas']['VerifiedAccount'];
export type TopUp = components['schemas']['TopUp'];
export type TopUpOrder = components['schemas']['TopUpOrder'];
export type QueryLatestPaymentInfo = components['schemas']['QueryLatestPaymentInfo'];
export type LatestPaymentInfo = components['schemas']['LatestPaymentInfo'];
export type UnbindAccount = components['schemas']['UnbindAccount'];
export type UnbindAccountBody = components['schemas']['UnbindAccountBody'];
export type BindAccount = components['schemas']['BindAccount'];
export type BindAccountBody = components['schemas']['BindAccountBody'];
export type CreateBillOrder = components['schemas']['CreateBillOrder'];
export type CreateBillOrderBody = components['schemas']['CreateBillOrderBody'];
export type AddOnPurchase = components['schemas']['AddOnPurchase'];
export type CreateAddOnOrder = components['schemas']['CreateAddOnOrder'];
export type AddOnOrder = components['schemas']['AddOnOrder'];
export type AddOnOrderNotify = components['schemas']['AddOnOrderNotify'];
export type PaymentNotify = components['schemas']['PaymentNotify'];
export type PaymentNotifyBody = components['schemas']['PaymentNotifyBody'];
export type AuthorizationCancelNotify = components['schemas']['AuthorizationCancelNotify'];
export type AuthorizationCancelNotifyBody = components['schemas']['AuthorizationCancelNotifyBody'];
export type SisterPaymentNotify = components['schemas']['SisterPaymentNotify'];
export type ResponseAnswer = components['responses']['Answer'];
export type ResponseOpenAnswer = components['responses']['OpenAnswer'];
export type ResponseUnpaidBills = components['responses']['UnpaidBills'];
export type ResponseAccounts = components['responses']['Accounts'];
export type ResponseVerifiedAccount = components['responses']['VerifiedAccount'];
export type ResponseTopUpOrder = components['responses']['TopUpOrder'];
export type ResponseLatestPaymentInfo = components['responses']['LatestPaymentInfo'];
export type ResponseAddOnOrder = components['responses']['AddOnOrder'];
export type ResponseOlderAnswer = components['responses']['OlderAnswer'];
export type ResponseNotAcknowledged = components['responses']['NotAcknowledged'];
export type ParameterClientId = components['parameters']['ClientId'];
export type ParameterRequestTime = components['parameters']['RequestTime'];
export type ParameterSignature = components['parameters']['Signature'];
export type ParameterEncrypt = components['parameters']['Encrypt'];
export type HeaderClientId = components['headers']['ClientId'];
export type HeaderResponseTime = components['headers']['ResponseTime'];
export type HeaderSignature = components['headers']['Signature'];
export type $defs = Record<string, never>;
export interface operations {
    createMembership: {
        parameters: {
            query?: never;
            header: {
                /** @description The merchant that is called. */
                "Client-Id": components["parameters"]["ClientId"];
                /** @description When it was sent, ISO-8601 with offset. */
                "Request-Time": components["parameters"]["RequestTime"];
                /** @description `algorithm=RSA256,keyVersion=…,signature=…`; verify with the version it names. */
                Signature: components["parameters"]["Signature"];
                /** @description Present when the body is encrypted for the merchant. */
                Encrypt?: components["parameters"]["Encrypt"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "userId": "2088022920114061",
                 *       "mobileNo": "91234567"
                 *     }
                 */
                "application/json": components["schemas"]["CreateMembership"];
            };
        };
        responses: {
            200: components["responses"]["OpenAnswer"];
            400: components["responses"]["NotAcknowledged"];
        };
    };
    billNotify: {
        parameters: {
            query?: never;
            header: {
                /** @description The merchant that is called. */
                "Client-Id": components["parameters"]["ClientId"];
                /** @description When it was sent, ISO-8601 with offset. */
                "Request-Time": components["parameters"]["RequestTime"];
                /** @description `algorithm=RSA256,keyVersion=…,signature=…`; verify with the version it names. */
                Signature: components["parameters"]["Signature"];
                /** @description Present when the body is encrypted for the merchant. */
                Encrypt?: components["parameters"]["Encrypt"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "userId": "2088022920114061",
                 *       "billNo": "2026072822001414061",
                 *       "payTime": "2026-07-28T10:00:00+08:00",
                 *       "pointsProvider": "ALIPAYHK",
                 *       "orderAmount": {
                 *         "currency": "HKD",
                 *         "value": 12800
                 *       },
                 *       "merchantId": "2160120000000001",
                 *       "merchantName": "Harbour Books",
                 *       "outBillNo": "HB-20260728-0001"
                 *     }
                 */
                "application/json": components["schemas"]["BillNotify"];
            };
        };
        responses: {
            200: components["responses"]["Answer"];
            400: components["responses"]["NotAcknowledged"];
        };
    };
    queryUnpaidBills: {
        parameters: {
            query?: never;
            header: {
                /** @description The merchant that is called. */
                "Client-Id": components["parameters"]["ClientId"];
                /** @description When it was sent, ISO-8601 with offset. */
                "Request-Time": components["parameters"]["RequestTime"];
                /** @description `algorithm=RSA256,keyVersion=…,signature=…`; verify with the version it names. */
                Signature: components["parameters"]["Signature"];
                /** @description Present when the body is encrypted for the merchant. */
                Encrypt?: components["parameters"]["Encrypt"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "userId": "2088022920114061",
                 *       "accountId": "1234567890",
                 *       "merchantAccountId": "5000000000000001",
                 *       "type": "{\"queryType\":[\"BILLS\"]}"
                 *     }
                 */
                "application/json": components["schemas"]["QueryUnpaidBills"];
            };
        };
        responses: {
            200: components["responses"]["UnpaidBills"];
            400: components["responses"]["NotAcknowledged"];
        };
    };
    queryAccount: {
        parameters: {
            query?: never;
            header: {
                /** @description The merchant that is called. */
                "Client-Id": components["parameters"]["ClientId"];
                /** @description When it was sent, ISO-8601 with offset. */
                "Request-Time": components["parameters"]["RequestTime"];
                /** @description `algorithm=RSA256,keyVersion=…,signature=…`; verify with the version it names. */
                Signature: components["parameters"]["Signature"];
                /** @description Present when the body is encrypted for the merchant. */
                Encrypt?: components["parameters"]["Encrypt"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "userId": "2088022920114061"
                 *     }
                 */
                "application/json": components["schemas"]["QueryAccount"];
            };
        };
        responses: {
            200: components["responses"]["Accounts"];
            400: components["responses"]["NotAcknowledged"];
        };
    };
    verifyAccount: {
        parameters: {
            query?: never;
            header: {
                /** @description The merchant that is called. */
                "Client-Id": components["parameters"]["ClientId"];
                /** @description When it was sent, ISO-8601 with offset. */
                "Request-Time": components["parameters"]["RequestTime"];
                /** @description `algorithm=RSA256,keyVersion=…,signature=…`; verify with the version it names. */
                Signature: components["parameters"]["Signature"];
                /** @description Present when the body is encrypted for the merchant. */
                Encrypt?: components["parameters"]["Encrypt"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "mobileNo": "91234567",
                 *       "mobileCountryCode": "852",
                 *       "userId": "2088022920114061",
                 *       "merchantAccountId": "5000000000000001"
                 *     }
                 */
                "application/json": components["schemas"]["VerifyAccount"];
            };
        };
        responses: {
            200: components["responses"]["VerifiedAccount"];
            400: components["responses"]["NotAcknowledged"];
        };
    };
    topUp: {
        parameters: {
            query?: never;
            header: {
                /** @description The merchant that is called. */
                "Client-Id": components["parameters"]["ClientId"];
                /** @description When it was sent, ISO-8601 with offset. */
                "Request-Time": components["parameters"]["RequestTime"];
                /** @description `algorithm=RSA256,keyVersion=…,signature=…`; verify with the version it names. */
                Signature: components["parameters"]["Signature"];
                /** @description Present when the body is encrypted for the merchant. */
                Encrypt?: components["parameters"]["Encrypt"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "requestId": "TU20260728000001",
                 *       "mobileNo": "91234567",
                 *       "mobileCountryCode": "852",
                 *       "amount": "10000",
                 *       "currency": "HKD",
                 *       "userId": "2088022920114061",
                 *       "merchantAccountId": "5000000000000001"
                 *     }
                 */
                "application/json": components["schemas"]["TopUp"];
            };
        };
        responses: {
            200: components["responses"]["TopUpOrder"];
            400: components["responses"]["NotAcknowledged"];
        };
    };
    queryLatestPaymentInfo: {
        parameters: {
            query?: never;
            header: {
                /** @description The merchant that is called. */
                "Client-Id": components["parameters"]["ClientId"];
                /** @description When it was sent, ISO-8601 with offset. */
                "Request-Time": components["parameters"]["RequestTime"];
                /** @description `algorithm=RSA256,keyVersion=…,signature=…`; verify with the version it names. */
                Signature: components["parameters"]["Signature"];
                /** @description Present when the body is encrypted for the merchant. */
                Encrypt?: components["parameters"]["Encrypt"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "userId": "2088022920114061"
                 *     }
                 */
                "application/json": components["schemas"]["QueryLatestPaymentInfo"];
            };
        };
        responses: {
            200: components["responses"]["LatestPaymentInfo"];
            400: components["responses"]["NotAcknowledged"];
        };
    };
    unbindAccount: {
        parameters: {
            query?: never;
            header: {
                /** @description The merchant that is called. */
                "Client-Id": components["parameters"]["ClientId"];
                /** @description When it was sent, ISO-8601 with offset. */
                "Request-Time": components["parameters"]["RequestTime"];
                /** @description `algorithm=RSA256,keyVersion=…,signature=…`; verify with the version it names. */
                Signature: components["parameters"]["Signature"];
                /** @description Present when the body is encrypted for the merchant. */
                Encrypt?: components["parameters"]["Encrypt"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "request": {
                 *         "head": {
                 *           "version": "1.0",
                 *           "function": "alipay.intl.merchant.account.unbind",
                 *           "clientId": "4Q5Y8W0WSG45P907917",
                 *           "reqTime": "2026-07-28T10:00:00+08:00",
                 *           "reqMsgId": "20260728100000000001"
                 *         },
                 *         "body": {
                 *           "merchantAccountId": "5000000000000001",
                 *           "subMerchantId": "5000000000000002",
                 *           "accountId": "1234567890",
                 *           "openId": "20881234567890123456789",
                 *           "authSiteUserId": "2088022920114061",
                 *           "timestamp": "2026-07-28T10:00:00+08:00"
                 *         }
                 *       },
                 *       "signature": "made when it is sent"
                 *     }
                 */
                "application/json": components["schemas"]["UnbindAccount"];
            };
        };
        responses: {
            200: components["responses"]["OlderAnswer"];
            400: components["responses"]["NotAcknowledged"];
        };
    };
    bindAccount: {
        parameters: {
            query?: never;
            header: {
                /** @description The merchant that is called. */
                "Client-Id": components["parameters"]["ClientId"];
                /** @description When it was sent, ISO-8601 with offset. */
                "Request-Time": components["parameters"]["RequestTime"];
                /** @description `algorithm=RSA256,keyVersion=…,signature=…`; verify with the version it names. */
                Signature: components["parameters"]["Signature"];
                /** @description Present when the body is encrypted for the merchant. */
                Encrypt?: components["parameters"]["Encrypt"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "request": {
                 *         "head": {
                 *           "version": "1.0",
                 *           "function": "alipay.intl.merchant.account.bind",
                 *           "clientId": "4Q5Y8W0WSG45P907917",
                 *           "reqTime": "2026-07-28T10:00:00+08:00",
                 *           "reqMsgId": "20260728100000000001"
                 *         },
                 *         "body": {
                 *           "merchantAccountId": "5000000000000001",
                 *           "type": "BILL",
                 *           "subType": "TOWNGAS",
                 *           "source": "NORMAL",
                 *           "openId": "20881234567890123456789",
                 *           "userId": "2088022920114061",
                 *           "timestamp": "2026-07-28T10:00:00+08:00",
                 *           "accountId": "1234567890"
                 *         }
                 *       },
                 *       "signature": "made when it is sent"
                 *     }
                 */
                "application/json": components["schemas"]["BindAccount"];
            };
        };
        responses: {
            200: components["responses"]["OlderAnswer"];
            400: components["responses"]["NotAcknowledged"];
        };
    };
    createBillOrder: {
        parameters: {
            query?: never;
            header: {
                /** @description The merchant that is called. */
                "Client-Id": components["parameters"]["ClientId"];
                /** @description When it was sent, ISO-8601 with offset. */
                "Request-Time": components["parameters"]["RequestTime"];
                /** @description `algorithm=RSA256,keyVersion=…,signature=…`; verify with the version it names. */
                Signature: components["parameters"]["Signature"];
                /** @description Present when the body is encrypted for the merchant. */
                Encrypt?: components["parameters"]["Encrypt"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "request": {
                 *         "head": {
                 *           "version": "1.0",
                 *           "function": "alipay.intl.hk.wallet.charge.order.create",
                 *           "clientId": "4Q5Y8W0WSG45P907917",
                 *           "reqTime": "2026-07-28T10:00:00+08:00",
                 *           "reqMsgId": "20260728100000000001"
                 *         },
                 *         "body": {
                 *           "requestId": "BO20260728000001",
                 *           "merchantAccountId": "5000000000000001",
                 *           "orderType": "SINGLE_PAYMENT_ORDER",
                 *           "accountId": "1234567890",
                 *           "userId": "2088022920114061",
                 *           "orderAmount": {
                 *             "currency": "HKD",
                 *             "value": "12800"
                 *           }
                 *         }
                 *       },
                 *       "signature": "made when it is sent"
                 *     }
                 */
                "application/json": components["schemas"]["CreateBillOrder"];
            };
        };
        responses: {
            200: components["responses"]["OlderAnswer"];
            400: components["responses"]["NotAcknowledged"];
        };
    };
    createAddOnOrder: {
        parameters: {
            query?: never;
            header: {
                /** @description The merchant that is called. */
                "Client-Id": components["parameters"]["ClientId"];
                /** @description When it was sent, ISO-8601 with offset. */
                "Request-Time": components["parameters"]["RequestTime"];
                /** @description `algorithm=RSA256,keyVersion=…,signature=…`; verify with the version it names. */
                Signature: components["parameters"]["Signature"];
                /** @description Present when the body is encrypted for the merchant. */
                Encrypt?: components["parameters"]["Encrypt"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "requestId": "AO20260728000001",
                 *       "order": {
                 *         "orderAmount": {
                 *           "currency": "HKD",
                 *           "amount": 128.5
                 *         },
                 *         "goodsList": [
                 *           {
                 *             "price": "128.5",
                 *             "quantity": "1",
                 *             "title": "Popcorn"
                 *           }
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["CreateAddOnOrder"];
            };
        };
        responses: {
            200: components["responses"]["AddOnOrder"];
            400: components["responses"]["NotAcknowledged"];
        };
    };
    addOnOrderNotify: {
        parameters: {
            query?: never;
            header: {
                /** @description The merchant that is called. */
                "Client-Id": components["parameters"]["ClientId"];
                /** @description When it was sent, ISO-8601 with offset. */
                "Request-Time": components["parameters"]["RequestTime"];
                /** @description `algorithm=RSA256,keyVersion=…,signature=…`; verify with the version it names. */
                Signature: components["parameters"]["Signature"];
                /** @description Present when the body is encrypted for the merchant. */
                Encrypt?: components["parameters"]["Encrypt"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "orderId": "2026072810110000000001",
                 *       "merchantTransId": "M-20260728-0001",
                 *       "createTime": "2026-07-28T09:59:00+08:00",
                 *       "paymentTime": "2026-07-28T10:00:00+08:00",
                 *       "orderStatus": "SUCCESS",
                 *       "order": {
                 *         "orderAmount": {
                 *           "currency": "HKD",
                 *           "amount": 128.5
                 *         },
                 *         "goodsList": [
                 *           {
                 *             "price": "128.5",
                 *             "quantity": "1",
                 *             "title": "Popcorn"
                 *           }
                 *         ]
                 *       },
                 *       "userInfo": {
                 *         "loginId": "9123****",
                 *         "userId": "2088022920114061"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["AddOnOrderNotify"];
            };
        };
        responses: {
            200: components["responses"]["Answer"];
            400: components["responses"]["NotAcknowledged"];
        };
    };
    paymentNotify: {
        parameters: {
            query?: never;
            header: {
                /** @description The merchant that is called. */
                "Client-Id": components["parameters"]["ClientId"];
                /** @description When it was sent, ISO-8601 with offset. */
                "Request-Time": components["parameters"]["RequestTime"];
                /** @description `algorithm=RSA256,keyVersion=…,signature=…`; verify with the version it names. */
                Signature: components["parameters"]["Signature"];
                /** @description Present when the body is encrypted for the merchant. */
                Encrypt?: components["parameters"]["Encrypt"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "request": {
                 *         "head": {
                 *           "version": "1.0",
                 *           "function": "alipay.intl.acquiring.common.notify.pay",
                 *           "clientId": "4Q5Y8W0WSG45P907917",
                 *           "reqTime": "2026-07-28T10:00:00+08:00",
                 *           "reqMsgId": "20260728100000000001"
                 *         },
                 *         "body": {
                 *           "resultInfo": {
                 *             "resultStatus": "S",
                 *             "resultCodeId": "00000000",
                 *             "resultCode": "SUCCESS",
                 *             "resultMsg": "success"
                 *           },
                 *           "acquirementId": "2026072810110000000001",
                 *           "merchantTransId": "M-20260728-0001",
                 *           "orderAmount": {
                 *             "currency": "HKD",
                 *             "value": "12800"
                 *           },
                 *           "paymentTime": "2026-07-28T10:00:00+08:00"
                 *         }
                 *       },
                 *       "signature": "made when it is sent"
                 *     }
                 */
                "application/json": components["schemas"]["PaymentNotify"];
            };
        };
        responses: {
            200: components["responses"]["OlderAnswer"];
            400: components["responses"]["NotAcknowledged"];
        };
    };
    authorizationCancelNotify: {
        parameters: {
            query?: never;
            header: {
                /** @description The merchant that is called. */
                "Client-Id": components["parameters"]["ClientId"];
                /** @description When it was sent, ISO-8601 with offset. */
                "Request-Time": components["parameters"]["RequestTime"];
                /** @description `algorithm=RSA256,keyVersion=…,signature=…`; verify with the version it names. */
                Signature: components["parameters"]["Signature"];
                /** @description Present when the body is encrypted for the merchant. */
                Encrypt?: components["parameters"]["Encrypt"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "request": {
                 *         "head": {
                 *           "version": "1.0",
                 *           "function": "alipay.intl.oauth.auth.notify.cancel",
                 *           "clientId": "4Q5Y8W0WSG45P907917",
                 *           "reqTime": "2026-07-28T10:00:00+08:00",
                 *           "reqMsgId": "20260728100000000001"
                 *         },
                 *         "body": {
                 *           "cancelTime": "2026-07-28T10:00:00+08:00",
                 *           "merchantAgreementId": "AG20260728000001"
                 *         }
                 *       },
                 *       "signature": "made when it is sent"
                 *     }
                 */
                "application/json": components["schemas"]["AuthorizationCancelNotify"];
            };
        };
        responses: {
            200: components["responses"]["OlderAnswer"];
            400: components["responses"]["NotAcknowledged"];
        };
    };
    sisterPaymentNotify: {
        parameters: {
            query?: never;
            header: {
                /** @description The merchant that is called. */
                "Client-Id": components["parameters"]["ClientId"];
                /** @description When it was sent, ISO-8601 with offset. */
                "Request-Time": components["parameters"]["RequestTime"];
                /** @description `algorithm=RSA256,keyVersion=…,signature=…`; verify with the version it names. */
                Signature: components["parameters"]["Signature"];
                /** @description Present when the body is encrypted for the merchant. */
                Encrypt?: components["parameters"]["Encrypt"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "paymentId": "202607281940108001001882C0203000001",
                 *       "paymentRequestId": "M-20260728-0001",
                 *       "paymentAmount": {
                 *         "currency": "HKD",
                 *         "value": "12800"
                 *       },
                 *       "paymentResult": {
                 *         "resultCode": "SUCCESS",
                 *         "resultStatus": "S",
                 *         "resultMessage": "success"
                 *       },
                 *       "paymentTime": "2026-07-28T10:00:00+08:00",
                 *       "paymentCreateTime": "2026-07-28T09:59:00+08:00"
                 *     }
                 */
                "application/json": components["schemas"]["SisterPaymentNotify"];
            };
        };
        responses: {
            200: components["responses"]["Answer"];
            400: components["responses"]["NotAcknowledged"];
        };
    };
}
