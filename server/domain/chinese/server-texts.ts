import { contractInChinese } from './contract-texts.ts';
import { foundInChinese } from './found-texts.ts';

/**
 * Sentences of the simulator by id: what it writes, and the same in Chinese. `{}` is a parameter,
 * kept in its order; a parameter that is a sentence itself is translated too.
 */
export const serverTexts = {
  'account.new': ['a new account', '新賬戶'],
  'account.newer': ['the newest word on the account', '賬戶的最新資料'],
  'binding.new': ['a new binding', '新綁定'],
  'binding.renewed': ['the binding is renewed', '綁定已更新'],
  'binding.ends': ['the binding ends', '綁定結束'],
  'binding.unknownKept': ['an unknown binding is kept as unbound', '未知的綁定保存為已解除'],
  'binding.endedBefore': ['the binding had ended before', '綁定先前已結束'],
  'binding.notKnown': [
    'operateType: UNBIND of a binding that is not known, or no longer',
    'operateType：要解除的綁定並不存在，或已不存在',
  ],
  'payment.first': ['a first payment of the account', '賬戶的首次付款'],
  'payment.newer': ['the newest payment of the account', '賬戶的最新付款'],
  'pass.new': ['the pass is known from now on', '會員卡自此登記'],
  'pass.updated': ['the pass is updated', '會員卡已更新'],
  'pass.closedDone': ['the pass is closed already; answered as done', '會員卡早已關閉，視作完成'],
  'pass.unknown': ['passId: no such pass is known', 'passId：沒有這張會員卡'],
  'pass.closed': [
    'passId: the pass is CLOSED; only an active pass can be updated',
    'passId：會員卡已 CLOSED；只有生效中的會員卡可以更新',
  ],
  'pass.expired': [
    'passId: the endDate of the pass has come; only an active pass can be updated',
    'passId：會員卡已到 endDate；只有生效中的會員卡可以更新',
  ],
  'order.new': ['a new order', '新訂單'],
  'order.unchecked': ['status changes are not checked', '不檢查狀態變更'],
  'order.noStatuses': ['no statuses are known for this business type', '此業務類型沒有已知的狀態'],
  'order.stays': ['the order stays {}', '訂單維持 {}'],
  'order.goes': ['the order goes from {} to {}', '訂單由 {} 轉為 {}'],
  'order.cannot': [
    'orderStatus: the order cannot go from {} to {} ({})',
    'orderStatus：訂單不能由 {} 轉為 {}（{}）',
  ],
  'order.final': ['{} is final', '{} 為最終狀態'],
  'order.notStatus': [
    'orderStatus: "{}" is not a status of {} ({})',
    'orderStatus：「{}」不是 {} 的狀態（{}）',
  ],
  'order.constant': [
    "{}: must stay what the order's first message said, {} (got {})",
    '{}：必須與訂單首個訊息相同，即 {}（收到 {}）',
  ],
  'again.sameBody': [
    'the same requestId with the same body: the first answer again',
    '相同的 requestId 及正文：再次給出首次的回應',
  ],
  'again.sameContent': [
    'the same requestId with the same content: the first answer again',
    '相同的 requestId 及內容：再次給出首次的回應',
  ],
  'again.otherBody': [
    'a known requestId with another body: the first answer again',
    '已知的 requestId 但正文不同：再次給出首次的回應',
  ],
  'again.mismatch': [
    'requestId: already used with another body; what differs: {}',
    'requestId：已用於另一個正文；不同之處：{}',
  ],
  'again.mismatchOnly': [
    'requestId: already used with another body',
    'requestId：已用於另一個正文',
  ],
  'stale.notNewer': ['{}: {} is not newer than {}, which is held', '{}：{} 並不比現存的 {} 新'],
  'stale.invalid': [
    'stale, and it would be refused if it were not: {}',
    '已過時；即使沒有過時亦會被拒：{}',
  ],
  'script.kept': [
    '{} scripted {} and kept the change; unscripted: {}, {}',
    '{} 決定回應 {} 並保留更改；否則為：{}，{}',
  ],
  'script.result': ['{} scripted {}; unscripted: {}, {}', '{} 決定回應 {}；否則為：{}，{}'],
  'script.dropped': ['{} dropped the change; {}', '{} 捨棄了更改；{}'],
  'script.aborted': ['{} scripted {} {}; nothing was decided', '{} 在 {} {} 生效；未有作出決定'],
  internal: ['internal error; see the log', '內部錯誤；請查看日誌'],
  'reply.failedAfter': [
    'the answer failed after the decision; what was decided stays ({}); see the log',
    '決定後未能回應；決定維持不變（{}）；請查看日誌',
  ],
  'reply.failed': [
    'the answer failed; it would have been {}; see the log',
    '未能回應；原本會是 {}；請查看日誌',
  ],
  'client.left': [
    'the client closed the connection before its answer ({}) was complete; {}',
    '客戶端在回應（{}）送完之前已關閉連線；{}',
  ],
  'client.brokenOffOf': [
    'the {} closed the connection after {} of {} bytes of the body',
    '{} 在正文 {} / {} 位元組後關閉了連線',
  ],
  'client.brokenOff': [
    'the {} closed the connection after {} bytes of the body',
    '{} 在正文 {} 位元組後關閉了連線',
  ],
  'signature.notBase64': [
    'the signature is not base64 underneath its URL encoding',
    '簽名在 URL 編碼之下並非 base64',
  ],
  'signature.bad': [
    'the signature does not verify with {} key version {} ({})',
    '簽名未能以 {} 密鑰版本 {}（{}）通過驗證',
  ],
  'key.asked': [
    'client {} has {}, the request asks for version {}',
    '客戶端 {} 有 {}，請求要求的是版本 {}',
  ],
  'client.unknown': [
    'no client "{}" is known; add its public key as {} of the key folder',
    '沒有客戶端「{}」；請把其公鑰加入密鑰資料夾的 {}',
  ],
  'client.disabled': ['client {} is disabled in the settings', '客戶端 {} 在設定中已停用'],
  'client.notId': ['"{}" is not a Client-Id: it {}', '「{}」不是 Client-Id：{}'],
  'access.operation': ['client {} may not call {}', '客戶端 {} 不可呼叫 {}'],
  'access.token': [
    'Agent-Token is missing or not the configured one',
    '沒有 Agent-Token，或與設定的不同',
  ],
  'access.limit': ['more than {} requests in this second', '這一秒內超過 {} 個請求'],
  'encrypt.required': [
    'Encrypt header: is missing; this operation must be encrypted',
    'Encrypt 標頭：沒有提供；此操作必須加密',
  ],
  'encrypt.forbidden': [
    'Encrypt header: this operation must not be encrypted',
    'Encrypt 標頭：此操作不可加密',
  ],
  'encrypt.noKey': [
    'the platform has no RSA key version {} to open the body with{}',
    '平台沒有可解密正文的 RSA 密鑰版本 {}{}',
  ],
  'encrypt.scheme': ['{} (scheme: AES {}, wrap {})', '{}（方案：AES {}，包裹 {}）'],
  'body.notUtf8': ['the body is not UTF-8', '正文不是 UTF-8'],
  'body.empty': ['the body is empty; it must be a JSON object', '正文是空的；必須是 JSON 物件'],
  'body.notObject': ['the body must be a JSON object, not {}', '正文必須是 JSON 物件，而非 {}'],
  'body.deep': ['the body is nested deeper than {} levels', '正文的巢狀超過 {} 層'],
  'body.notJson': ['the body is not JSON: {}', '正文不是 JSON：{}'],
  'body.large': ['the body is larger than {} bytes', '正文大於 {} 位元組'],
  'header.twice': [
    '{} header: sent {} times, must be sent once',
    '{} 標頭：發送了 {} 次，只可發送一次',
  ],
  'header.missing': ['{} header: is missing', '{} 標頭：沒有提供'],
  'header.misspelt': [
    '{} header: is missing, but the request has a header "{}". Did you mean "{}"?',
    '{} 標頭：沒有提供，但請求有標頭「{}」。是否應為「{}」？',
  ],
  'header.noSignature': ['Signature header: has no signature', 'Signature 標頭：沒有 signature'],
  'header.noKey': ['Encrypt header: has no symmetricKey', 'Encrypt 標頭：沒有 symmetricKey'],
  'header.sample': [
    "Signature header: the signature is the documents' sample; sign the request with your own key",
    'Signature 標頭：這是文件中的簽名樣本；請以你自己的密鑰簽名',
  ],
  'header.notEncoded': [
    'Signature header: the signature is not URL-encoded (it holds a bare "+", "=" or space)',
    'Signature 標頭：簽名沒有 URL 編碼（含有未編碼的「+」、「=」或空格）',
  ],
  'header.algorithm': [
    '{} header: algorithm must be {} (got "{}")',
    '{} 標頭：algorithm 必須為 {}（收到「{}」）',
  ],
  'header.keyVersion': [
    '{} header: keyVersion must be {} (got "{}")',
    '{} 標頭：keyVersion 必須為 {}（收到「{}」）',
  ],
  'header.time': ['Request-Time header: {} (got "{}")', 'Request-Time 標頭：{}（收到「{}」）'],
  'header.timeWindow': [
    'Request-Time header: {} s from now, at most {} is allowed',
    'Request-Time 標頭：與現在相差 {} 秒，最多容許 {}',
  ],
  'receive.noPath': ['no operation has the path {}; {}', '沒有操作使用路徑 {}；{}'],
  'receive.method': ['{} is not supported, only POST', '不支援 {}，只支援 POST'],
  'receive.coding': [
    'Content-Encoding {} is not accepted; send the body as it is',
    '不接受 Content-Encoding {}；請原樣發送正文',
  ],
  'receive.noType': [
    'Content-Type is missing; send application/json; charset=UTF-8{}',
    '沒有 Content-Type；請發送 application/json; charset=UTF-8{}',
  ],
  'receive.type': [
    'Content-Type {} is not accepted; send application/json; charset=UTF-8',
    '不接受 Content-Type {}；請發送 application/json; charset=UTF-8',
  ],
  'receive.text': [
    'Content-Type text/plain is for encrypted bodies, but there is no Encrypt header{}',
    'Content-Type text/plain 只用於加密正文，但沒有 Encrypt 標頭{}',
  ],
  'receive.charset': ['charset {} is not accepted; only UTF-8 is', '不接受字元集 {}；只接受 UTF-8'],
  'field.unknown': ['{}: the contract knows no such field', '{}：合約沒有此欄位'],
  'field.empty': [
    '{}: is empty; leave an optional field out instead',
    '{}：是空的；可省略的欄位請直接省略',
  ],
  'field.seconds': [
    '{}: {} looks like seconds; milliseconds are documented',
    '{}：{} 看似秒數；文件所載為毫秒',
  ],
  'field.currency': ['{}: {} is not an ISO 4217 code', '{}：{} 不是 ISO 4217 代碼'],
  'field.marked': ['{}: the page of {} marks it required', '{}：{} 的頁面標為必填'],
  'field.extInfo': [
    'extInfo: is not a JSON object in a string, as the page shows it',
    'extInfo：不是頁面所示的字串形式 JSON 物件',
  ],
  'field.actionUrl': [
    'actionUrl: {} is not a deep link of AlipayHK (alipayhk://…)',
    'actionUrl：{} 不是 AlipayHK 的深層連結（alipayhk://…）',
  ],
  'field.expired': [
    'expiryTime: {} has come already; the binding is as good as none',
    'expiryTime：{} 已過；此綁定等同沒有',
  ],
  'field.modifiedBefore': [
    'orderModifyTime: {} is before orderCreateTime, {}',
    'orderModifyTime：{} 早於 orderCreateTime {}',
  ],
  'field.dataKey': [
    '{}: is neither a placeholder like $name$ nor billNo, lastChangePoints or pointsProvider',
    '{}：既非 $name$ 這類佔位符，亦非 billNo、lastChangePoints 或 pointsProvider',
  ],
  'field.dataValue': [
    '{}: must be text, a number, null or {cent, currency}',
    '{}：必須是文字、數字、null 或 {cent, currency}',
  ],
  'field.twice': [
    '{}: given twice in the same object; the last one counts',
    '{}：在同一物件中出現兩次；以最後一個為準',
  ],
  'field.digits': [
    '{}: the number {} is read as {}; send it as text',
    '{}：數字 {} 會被讀成 {}；請以文字發送',
  ],
  'field.detailType': [
    'updateDetailType is missing; the current page marks it required even when status is CLOSED',
    '沒有 updateDetailType；現行頁面即使 status 為 CLOSED 亦標為必填',
  ],
  'field.characters': ['{} characters, at most {}', '{} 個字元，最多 {} 個'],
  'field.missing': ['is required', '必須提供'],
  'field.misspelt': ['is required; the request has "{}"', '必須提供；請求中有「{}」'],
  'field.oneOfTwo': ['one of the two is required', '兩者必須提供其一'],
  'field.notEmpty': ['must not be empty', '不可為空'],
  'field.type': ['must be of type {}', '類型必須為 {}'],
  'field.bindingSync': ['must be BINDING_SYNC', '必須為 BINDING_SYNC'],
  'field.fixed': ['must be the fixed value of the contract', '必須為合約的固定值'],
  'field.wholeCents': [
    'must be whole cents, e.g. 1050 for HKD 10.50',
    '必須為整數（分），例如 HKD 10.50 為 1050',
  ],
  'field.wholeCentsText': [
    'must be whole cents as text, e.g. "1050" for HKD 10.50',
    '必須為文字形式的整數（分），例如 HKD 10.50 為 "1050"',
  ],
  'field.unknownHere': ['is not known here', '在此不適用'],
  'field.itemTwice': ['must not have the same item twice', '不可有重複的項目'],
  'field.letters': ['must be three upper-case letters', '必須為三個大寫字母'],
  'field.digitsOnly': ['must be digits only', '只可含數字'],
  'field.form': ['must have the form {}', '必須符合格式 {}'],
  'field.written': ['must be written as {}', '必須寫成 {}'],
  'field.notSent': ['must not be sent', '不可發送'],
  'field.ofMany': ['must be one of {}', '必須為以下其中之一：{}'],
  'field.got': ['{} (got {})', '{}（收到 {}）'],
  'field.mustBe': ['must be {}', '必須為 {}'],
  'field.problem': ['{}: {}', '{}：{}'],
  'note.signatureChecked': [
    'header "{}": is not read. Did you mean "{}"?',
    '標頭「{}」：不會讀取。是否應為「{}」？',
  ],
  'note.pattern': [
    'the pattern {} was not matched: with this text it takes more than {} steps; shorten it, or use prefix or equals',
    '模式 {} 未有比對：這段文字需要超過 {} 步；請縮短，或改用 prefix 或 equals',
  ],
  'note.requestIds': [
    '{} request {} deleted to make room (idempotency.max)',
    '為騰出空間刪除了 {} 個請求編號（{}，idempotency.max）',
  ],
  'note.timeForm': [
    'Request-Time is written as {}; the documents ask for ISO-8601 with a time zone, e.g. +08:00 or Z',
    'Request-Time 寫成 {}；文件要求帶時區的 ISO-8601，例如 +08:00 或 Z',
  ],
  'note.rsa': [
    'Encrypt says algorithm=RSA; taken as RSA_AES, the only one the text of the documents allows',
    'Encrypt 寫着 algorithm=RSA；視為 RSA_AES，即文件唯一容許的',
  ],
  'note.headerKey': [
    '{} header: unknown key "{}" is ignored{}',
    '{} 標頭：不明的鍵「{}」會被忽略{}',
  ],
  'note.keyVersionZero': [
    '{} header: keyVersion=0 means the newest active key here; versions start at 1',
    '{} 標頭：keyVersion=0 在此指最新的生效密鑰；版本由 1 開始',
  ],
  'note.magic': [
    '{}: {} begins like a magic value, but names no result code or fault of {}',
    '{}：{} 的開頭像魔術值，但不是 {} 的結果碼或故障',
  ],
} as const satisfies Readonly<Record<string, readonly [english: string, chinese: string]>>;

/** Compiled at the first use: most runs translate nothing. */
let templates: readonly Template[] | undefined;

export const readServerMessage = (text: string): ServerMessage | undefined => {
  templates ??= compileAll();
  return findTemplate(templates, text);
};

const compileAll = (): readonly Template[] =>
  compileTemplates([
    ...Object.entries(serverTexts),
    ...Object.entries(foundInChinese).map((pair) => [pair[0], pair] as const),
  ]);

const fillIn = (message: ServerMessage): string =>
  fillTemplate(message, (parameter) => translateServerText(parameter) ?? parameter);

/** Translations that were made already: a list shows the same few sentences again and again. */
const cachedTranslations = new Map<string, string | undefined>();
const maxMade = 2000;

/** A sentence of the simulator or of the contract in Chinese; undefined if its text is not known. */
export const translateServerText = (text: string): string | undefined => {
  if (cachedTranslations.has(text)) return cachedTranslations.get(text);
  const translated = translateUncached(text);
  if (cachedTranslations.size >= maxMade) cachedTranslations.clear();
  cachedTranslations.set(text, translated);
  return translated;
};

const translateUncached = (text: string): string | undefined => {
  const known = contractInChinese[text.replace(/\s+/g, ' ').trim()];
  if (known !== undefined) return known;
  if (!/[a-z] [a-z]/.test(text)) return undefined;
  const message = readServerMessage(text);
  if (message !== undefined) return fillIn(message);
  // Several field errors in one reason.
  const parts = text.split('; ');
  const translated = parts.map(translateOne);
  return parts.length > 1 && translated.every((one) => one !== undefined)
    ? translated.join('；')
    : undefined;
};

const translateOne = (text: string): string | undefined => {
  const message = readServerMessage(text);
  return message === undefined ? undefined : fillIn(message);
};

/** A sentence with `{}` for its parameters, and the same in Chinese. */
interface Template {
  readonly id: string;
  readonly pattern: RegExp;
  readonly chinese: string;
  /** Whether it begins with a parameter. */
  readonly startsOpen: boolean;
}

/** A sentence of the simulator as an id with parameters. */
interface ServerMessage {
  readonly id: string;
  readonly parameters: readonly string[];
  readonly chinese: string;
}

type Entry = readonly [id: string, texts: readonly [english: string, chinese: string]];

const escapePattern = (text: string): string => text.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&');

/** Of the words between parameters: a template with fewer fits almost anything. */
const maxShortLength = 10;

/** More literal text first: a general template must not take what a special one says better. */
export const compileTemplates = (entries: readonly Entry[]): readonly Template[] =>
  [...entries]
    .sort(([, [a]], [, [b]]) => b.replaceAll('{}', '').length - a.replaceAll('{}', '').length)
    .map(([id, [english, chinese]]) => {
      const startsOpen = english.startsWith('{} ');
      // `{} of {}` is a count, and not any sentence with "of" in it.
      const isShort = startsOpen && english.replaceAll('{}', '').length <= maxShortLength;
      const parameter = isShort ? '(\\S*?)' : '(.*?)';
      const pattern = english.split('{}').map(escapePattern).join(parameter);
      return { id, pattern: new RegExp(`^${pattern}$`, 's'), chinese, startsOpen };
    });

/** The sentence that a text was written with; undefined if none is known. */
export const findTemplate = (
  templates: readonly Template[],
  text: string,
): ServerMessage | undefined => {
  for (const { id, pattern, chinese, startsOpen } of templates) {
    const found = pattern.exec(text);
    // A field before the sentence is no part of it: `requestId: 40 characters, at most 32`.
    if (found === null || (startsOpen && found[1]?.includes(': ') === true)) continue;
    return { id, parameters: found.slice(1), chinese };
  }
  return undefined;
};

/** Writes the Chinese sentence; `{1}` is the second parameter, where Chinese has another order. */
export const fillTemplate = (
  { chinese, parameters }: ServerMessage,
  translate: (parameter: string) => string,
): string => {
  let at = 0;
  // What is in quotation marks is a name.
  return chinese.replace(/(\u300c?)\{(\d?)\}/g, (_, quote: string, place: string) => {
    const parameter = parameters[place === '' ? at++ : Number(place)] ?? '';
    return quote === '' ? translate(parameter) : `${quote}${parameter}`;
  });
};
