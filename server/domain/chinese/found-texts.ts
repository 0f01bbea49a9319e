/**
 * What the doctor, lint, coverage and the judge of answers write, by its English text; `{}` is a
 * value, in the same order in both.
 */
export const foundInChinese: Readonly<Record<string, string>> = {
  // Evidence of the doctor.
  'There is no signature to look into.': '沒有簽名可供檢視。',
  'The value is the one that the documents print. It was made over another content, with a key that is not known.':
    '這是文件所印的值，以未知的密鑰對另一內容簽成。',
  'no key is registered for this algorithm': '沒有為此演算法登記密鑰',
  'the header says {}; {}': '標頭寫着 {}；{}',
  'The value is no signature that a known key made.': '這個值不是任何已知密鑰所簽的。',
  'There is no wrapped key to look into.': '沒有經包裹的密鑰可供檢視。',
  '"{}" instead of "symmetricKey"': '「{}」而非「symmetricKey」',
  'The symmetricKey is the one that the documents print, which is no wrapped key.':
    'symmetricKey 是文件所印的，並非經包裹的密鑰。',
  'With that, the key unwraps and the body opens to JSON.':
    '如此一來，密鑰可解開包裹，正文亦可解密為 JSON。',
  'With that, the key unwraps and the ciphertext in the JSON opens to JSON.':
    '如此一來，密鑰可解開包裹，JSON 中的密文亦可解密為 JSON。',
  'The body is empty.': '正文是空的。',
  'The key unwraps and the body opens to the beginning of a JSON text, but not to its end.':
    '密鑰可解開包裹，正文可解密出 JSON 的開頭，但沒有結尾。',
  'The body is plain JSON.': '正文是明文 JSON。',
  'The body is JSON that is mostly one text in base64. No key known here opens that text, so it may or may not be a ciphertext.':
    '正文是 JSON，大部分為一段 base64 文字。沒有已知的密鑰能解開，因此未能確定是否密文。',
  'The symmetricKey has the length of an AES key; a wrapped key is as long as the RSA key that wraps it. {}':
    'symmetricKey 的長度與 AES 密鑰相同；經包裹的密鑰應與包裹它的 RSA 密鑰等長。{}',
  'The symmetricKey has the length of an AES key; a wrapped key is as long as the RSA key that wraps it.':
    'symmetricKey 的長度與 AES 密鑰相同；經包裹的密鑰應與包裹它的 RSA 密鑰等長。',
  'The body opens with it.': '可用它解密正文。',
  "The symmetricKey was not wrapped for the receiver's key: no padding known here comes off. The key that it was wrapped for is unknown.":
    'symmetricKey 並非以接收者的密鑰包裹：去除不了任何已知的填充。不知道它以哪一把密鑰包裹。',
  'The key that it was wrapped for is unknown.': '不知道它以哪一把密鑰包裹。',
  'The symmetricKey unwraps, but the body opens to JSON in no mode known here: it was encrypted with another key or mode, or changed on the way.':
    'symmetricKey 可解開包裹，但以任何已知模式都不能把正文解密為 JSON：它以另一密鑰或模式加密，或在途中被更改。',
  'The signature verifies: ECDSA on P-224 with {}, written as {}.':
    '簽名通過驗證：P-224 上的 ECDSA，雜湊為 {}，寫成 {}。',
  'r and s side by side': 'r 與 s 並列',
  'The value has the form of an ECDSA signature on P-224.':
    '這個值具有 P-224 上 ECDSA 簽名的形式。',
  'It verifies with none of the keys known here over the expected content. ECDSA does not reveal what was signed, so either the key or the content is wrong.':
    '以任何已知密鑰對預期內容都不能通過驗證。ECDSA 不會透露所簽的內容，因此不是密鑰就是內容有誤。',
  'The signature was made with {}, version {} (public half {}).':
    '簽名以{}製成，版本 {}（公鑰 {}）。',
  'The signature was made with {}.': '簽名以{}製成。',
  'your key': '你的密鑰',
  "the platform's key": '平台的密鑰',
  'a key registered for another client': '為另一客戶端登記的密鑰',
  'It is RSA with {} over {}.': '這是 RSA，填充為 {}，雜湊為 {}。',
  'no DigestInfo': '沒有 DigestInfo',
  'The digest in the signature is the digest of the content shown as signed.':
    '簽名中的摘要，就是所示已簽內容的摘要。',
  'The content that was signed is not the content that arrived: their digests differ.':
    '所簽的內容並非收到的內容：兩者的摘要不同。',
  'The value has {} bytes, as a signature by the registered key would, but it opens under none of the keys known here.':
    '這個值有 {} 位元組，與所登記密鑰的簽名相同，但任何已知密鑰都打不開。',
  'The value (read as {}) has {} bytes, as a signature by the registered key would, but it opens under none of the keys known here.':
    '這個值（讀作 {}）有 {} 位元組，與所登記密鑰的簽名相同，但任何已知密鑰都打不開。',
  'The value has {} bytes, as a hash or an HMAC has; no RSA key makes a signature of that length.':
    '這個值有 {} 位元組，與雜湊或 HMAC 相同；沒有 RSA 密鑰會簽出這個長度。',
  '{} bits instead of {}': '{} 位元而非 {}',
  '{} bytes instead of {}': '{} 位元組而非 {}',
  'The signature has {} bytes, which is what a {}-bit key gives; the registered key gives {}.':
    '簽名有 {} 位元組，即 {} 位元密鑰所簽；所登記的密鑰為 {}。',
  'The value decodes to {} bytes; a signature by the registered key always has {}.':
    '這個值解碼後有 {} 位元組；所登記密鑰的簽名必為 {}。',
  'The value cannot be read as base64, in none of the spellings known here.':
    '這個值不能讀作 base64，任何已知的寫法都不能。',
  'Besides: {}': '另外：{}',
  'This is neither a raw HTTP message (it would begin like "POST /path HTTP/1.1" or "HTTP/1.1 200"), nor a curl command, nor what "curl -v" printed.':
    '這既不是原始 HTTP 訊息（應以「POST /path HTTP/1.1」或「HTTP/1.1 200」之類開頭），亦不是 curl 指令或「curl -v」的輸出。',
  // Details of the doctor.
  'every "+" became a space': '每個「+」變成了空格',
  'base64 with line breaks': '帶換行的 base64',
  'in quotation marks': '在引號之內',
  'between the lines of PEM': '在 PEM 的首尾行之間',
  'base64 without its padding': '沒有填充的 base64',
  'base64 in quotation marks, with spaces or without its padding':
    '在引號之內、帶空格或沒有填充的 base64',
  'URL-encoded twice': 'URL 編碼兩次',
  'URL-safe base64': 'URL 安全的 base64',
  'base64 twice': 'base64 兩次',
  '{} as hex in capitals': '{}，大寫十六進位',
  'as hex in capitals': '大寫十六進位',
  'the IV in front of the ciphertext': 'IV 放在密文之前',
  '12 bytes nonce in front of the ciphertext': '12 位元組的 nonce 放在密文之前',
  'SHA-256 as hex, its first 32 digits': '十六進位 SHA-256 的首 32 個數字',
  'With a hash of the unwrapped key, the body opens to JSON.':
    '以解開包裹的密鑰的雜湊，可把正文解密為 JSON。',
  'an IV of zeros that is not sent': '全零且沒有發送的 IV',
  'the first half of the key as IV': '以密鑰前半作 IV',
  'wrapped for version {}': '為版本 {} 包裹',
  'raw bytes, where this receiver is set to base64 text': '原始位元組，而此接收者設為 base64 文字',
  '{} after the body': '正文之後的 {}',
  '{} before the content': '{} 在內容之前',
  'white space taken out as text': '以文字方式去掉空白',
  'sent, not signed': '有發送，沒有簽名',
  'signed, not sent': '有簽名，沒有發送',
  'sent nothing, signed {}': '沒有發送，簽了 {}',
  'URL-encoded as a form': '以表單方式 URL 編碼',
  'sent as base64, signed plain': '以 base64 發送，以明文簽名',
  'sent URL-encoded, signed plain': '以 URL 編碼發送，以明文簽名',
  'signed with "+", sent with spaces': '以「+」簽名，以空格發送',
  'signed with spaces, sent with "+"': '以空格簽名，以「+」發送',
  'signed with %2B, sent with "+"': '以 %2B 簽名，以「+」發送',
  '{}, in place of the body': '以 {} 取代正文',
  '{}, and nothing else': '只有 {}',
  'US-ASCII, every other character as "?"': 'US-ASCII，其他字元均為「?」',
  'US-ASCII, "?" for each half of a surrogate pair': 'US-ASCII，代理對的每一半為「?」',
  'ISO-8859-1, what it lacks as "?"': 'ISO-8859-1，欠缺的為「?」',
  'low byte of each UTF-16 unit': '每個 UTF-16 單元的低位元組',
  'UTF-8 bytes read as {} and encoded again': 'UTF-8 位元組讀作 {} 再編碼',
  'UTF-8 bytes read as US-ASCII': 'UTF-8 位元組讀作 US-ASCII',
  'every other character left out': '略去其他所有字元',
  'bytes that are no UTF-8 replaced by U+FFFD': '不是 UTF-8 的位元組換成 U+FFFD',
  'one value of the JSON': 'JSON 的其中一個值',
  'the value of {}': '{} 的值',
  'sent twice encoded, signed once': '編碼兩次發送，編碼一次簽名',
  'signed twice encoded, sent once': '編碼兩次簽名，編碼一次發送',
  'line feeds instead of the dots': '以換行代替點號',
  'a space instead of the line feed': '以空格代替換行',
  'two line feeds': '兩個換行',
  'no space after the method': '方法之後沒有空格',
  '{} instead of each dot': '每個點號改為 {}',
  '{} instead of the first dot': '首個點號改為 {}',
  '{} instead of the second dot': '第二個點號改為 {}',
  'a line feed before the body': '正文之前有換行',
  'nothing before the body': '正文之前甚麼都沒有',
  'a line feed between client id and time': 'client id 與時間之間有換行',
  'two spaces after the method': '方法之後有兩個空格',
  'a line feed after the method': '方法之後是換行',
  'a tab after the method': '方法之後是定位字元',
  'a colon after the method': '方法之後是冒號',
  'a dot after the method': '方法之後是點號',
  '"&" after the method': '方法之後是「&」',
  'neither space nor line feed': '沒有空格亦沒有換行',
  'no separators at all': '完全沒有分隔',
  'line feeds everywhere': '全部用換行',
  'CR alone after the first line': '首行之後只有 CR',
  'a space before the line feed': '換行之前有空格',
  'a space after the line feed': '換行之後有空格',
  'a dot instead of the line feed': '以點號代替換行',
  'a comma instead of the line feed': '以逗號代替換行',
  '"/n" instead of the line feed': '以「/n」代替換行',
  'CR LF instead of line feed and dots': '以 CR LF 代替換行及點號',
  'a line feed after the second dot': '第二個點號之後有換行',
  'the HTTP version after the path': '路徑之後有 HTTP 版本',
  'client id and time in the wrong order': 'client id 與時間次序顛倒',
  'the body on a line of its own': '正文獨佔一行',
  'without the first line': '沒有首行',
  'without client id and time': '沒有 client id 及時間',
  'time and body alone': '只有時間及正文',
  'the time before the client id': '時間在 client id 之前',
  'only the outermost ones': '只有最外層的',
  'ignoring letter case': '不分大小寫',
  'nulls, only in the outermost object': 'null，只在最外層物件',
  'nulls and empty strings': 'null 及空字串',
  'nulls, empty strings, empty objects and arrays': 'null、空字串、空物件及空陣列',
  'empty objects and arrays': '空物件及空陣列',
  'a space after commas and colons': '逗號及冒號之後有空格',
  'a space after colons': '冒號之後有空格',
  'a space after commas': '逗號之後有空格',
  'spaces around colons': '冒號前後有空格',
  'spaces inside the braces': '大括號之內有空格',
  'spaces inside the braces, none at colons': '大括號之內有空格，冒號沒有',
  'line breaks without indentation': '有換行而沒有縮排',
  'line breaks without indentation, a space after commas': '有換行而沒有縮排，逗號之後有空格',
  '{} spaces, none after colons': '{} 個空格，冒號之後沒有',
  'tabs, none after colons': '定位字元，冒號之後沒有',
  '{} spaces, a space after commas': '{} 個空格，逗號之後有空格',
  'the space was kept': '保留了空格',
  'sent with, signed without': '發送時有，簽名時沒有',
  'signed with, sent without': '簽名時有，發送時沒有',
  'escapes decoded, "+" as a space': '解開了轉義，「+」為空格',
  '%20 instead of "+"': '以 %20 代替「+」',
  'escapes in small letters': '小寫的轉義',
  'escapes in capitals': '大寫的轉義',
  'encoded once more': '再編碼一次',
  'in small letters': '小寫',
  'without the spaces of the header': '沒有標頭中的空格',
  'with a space after it': '之後有空格',
  'with a space before it': '之前有空格',
  'with a line feed after it': '之後有換行',
  'without the quotation marks of the header': '沒有標頭中的引號',
  'a value of the body': '正文的一個值',
  'a Uint8Array joined with commas': '以逗號連接的 Uint8Array',
  'Arrays.toString of a Java byte[]': 'Java byte[] 的 Arrays.toString',
  'the header has the space, you signed the "+"': '標頭中是空格，你簽的是「+」',
  'as in an HTTP Date header': '如 HTTP 的 Date 標頭',
  'a time of the body': '正文中的時間',
  'the whole content as {}': '全部內容為 {}',
  '{} with a byte order mark': '{}，帶位元組順序標記',
  'without the path': '沒有路徑',
  'without the body': '沒有正文',
  'client id and time alone': '只有 client id 及時間',
  'method and path alone': '只有方法及路徑',
  'client id, time and body, on a line each': 'client id、時間及正文，各佔一行',
  'client id, time and body, nothing between them': 'client id、時間及正文，之間沒有分隔',
  'client id and body': 'client id 及正文',
  'time and body, on a line each': '時間及正文，各佔一行',
  'time and body, nothing between them': '時間及正文，之間沒有分隔',
  'body and time': '正文及時間',
  'body and time, nothing between them': '正文及時間，之間沒有分隔',
  'path and body': '路徑及正文',
  'path and body, nothing between them': '路徑及正文，之間沒有分隔',
  'method, path and body, nothing between them': '方法、路徑及正文，之間沒有分隔',
  'path, time and body, on a line each': '路徑、時間及正文，各佔一行',
  'method, path, time and body, without the client id': '方法、路徑、時間及正文，沒有 client id',
  'lines as in WeChat Pay APIv3': '如微信支付 APIv3 的各行',
  'app_id, biz_content and timestamp joined by "&"':
    '以「&」連接的 app_id、biz_content 及 timestamp',
  'keys and values run together, sorted by key': '鍵與值相連，按鍵排序',
  // The judge of a merchant's answer.
  'acknowledged: SUCCESS, signed, in time': '已確認：SUCCESS、已簽名、及時',
  'the answer is not JSON': '回應不是 JSON',
  'the answer has no {} with resultStatus S, F or U':
    '回應沒有 {}，當中應有 resultStatus S、F 或 U',
  'the result is {} ({}), not SUCCESS (S)': '結果為 {}（{}），而非 SUCCESS（S）',
  'the answer has no {}': '回應沒有 {}',
  'the answer is from Client-Id {}, not {}': '回應來自 Client-Id {}，而非 {}',
  'the answer names key version {}, which {} does not have': '回應寫明密鑰版本 {}，但 {} 沒有',
  'the signature of the answer does not verify with the key of the client':
    '回應的簽名未能以客戶端的密鑰通過驗證',
  'the answer cannot be decrypted: {}': '回應無法解密：{}',
  'it is for key version {}, which the platform does not have': '它以密鑰版本 {} 加密，但平台沒有',
  'the contract has no schema {}': '合約沒有結構 {}',
  'HTTP {} instead of 200': 'HTTP {} 而非 200',
  '{} is a link-local or special address': '{} 是鏈路本地或特殊地址',
  '{} is neither this machine nor a private network': '{} 既非本機亦非私人網絡',
  '"{}" is not an address of a server': '「{}」不是伺服器的地址',
  'Write e.g. {}.': '請寫成例如 {}。',
  'an address of a merchant has neither credentials nor a fragment': '商戶的地址不可帶有憑證或片段',
  'Leave out what is before @ and after #.': '請略去 @ 之前及 # 之後的部分。',
  'If it is yours, add --allow-host {} (setting outbound.allowHosts).':
    '若屬於你，請加上 --allow-host {}（設定 outbound.allowHosts）。',
  '{} has no address': '{} 沒有地址',
  'no complete answer within {} ms': '{} 毫秒內沒有完整的回應',
  'the connection was ended in the middle of the body, on purpose': '連線在正文中途被刻意終止',
  'the answer is longer than {} bytes': '回應長於 {} 位元組',
  'the answer broke off': '回應中斷了',
  // What lint finds.
  'two messages about {} were in flight at once': '關於 {} 的兩個訊息同時在途',
  'two messages about {} were in flight at once, and the later one has an event time that is not newer':
    '關於 {} 的兩個訊息同時在途，而較後的一個事件時間並不較新',
  ', and the later one has an event time that is not newer': '，而較後的一個事件時間並不較新',
  'the event time of {}, {}, is not greater than the {} of {} before':
    '{} 的事件時間 {} 不大於之前的 {}（{}）',
  '{} of {} was asked for again after {}': '在 {2} 之後再次要求 {1} 的 {0}',
  'requestId {} was used for {} and for {}': 'requestId {} 同時用於 {} 及 {}',
  'requestId {} is the business number, and names two messages now':
    'requestId {} 就是業務編號，現已代表兩個訊息',
  'requestId {} is the business number: the next message about it needs another one':
    'requestId {} 就是業務編號：關於它的下一個訊息需要另一個',
  '{} requestIds in a row are numbers that rise by less than {}, the last {}':
    '連續 {} 個 requestId 是增幅少於 {} 的數字，最後一個為 {}',
  'an answer that proves nothing': '一個不能證明甚麼的回應',
  'a lost answer': '遺失的回應',
  'a lost answer ({})': '遺失的回應（{}）',
  'requestId {} reports the same as {}, whose outcome is unknown after {}; send the first one again':
    'requestId {} 報告的內容與 {} 相同，而後者因{}結果未知；請再次發送前者',
  'the message about {}': '關於 {} 的訊息',
  '{} was sent again after {}, which is final': '{} 在最終結果 {} 之後仍再次發送',
  'requestId {} was sent again with the same JSON in another layout; send the same bytes':
    'requestId {} 再次發送時，同一 JSON 用了另一種寫法；請發送相同的位元組',
  'requestId {} was sent again with another requestTime in its body; it belongs to the message, only the Request-Time header is renewed':
    'requestId {} 再次發送時，正文中的 requestTime 不同；它屬於訊息本身，只有 Request-Time 標頭才更新',
  'requestId {} was sent again with another body; what differs: {}':
    'requestId {} 再次發送時正文不同；不同之處：{}',
  '{} was sent again after its success': '{} 成功後仍再次發送',
  '{} was sent again with the Request-Time and Signature of {} before':
    '{} 再次發送時用了 {} 前的 Request-Time 及 Signature',
  'the HTTP library repeated a request by itself': 'HTTP 程式庫自行重複了請求',
  '{} was repeated {} after an attempt without a final answer':
    '{} 在沒有最終結果的嘗試後 {} 便重複',
  '{} was attempted five times within 10 s, and the pauses do not grow':
    '{} 在 10 秒內嘗試了五次，而間隔沒有遞增',
  '{} was repeated after {}, although an earlier pause was {}':
    '{} 在 {} 後重複，但之前的間隔為 {}',
  '{} was attempted {} times without a final answer': '{} 嘗試了 {} 次而沒有最終結果',
  'the message was sent again within a second after REQUEST_TRAFFIC_EXCEED_LIMIT':
    '在 REQUEST_TRAFFIC_EXCEED_LIMIT 之後一秒內便再次發送訊息',
  'three more requests arrived within a second after REQUEST_TRAFFIC_EXCEED_LIMIT':
    '在 REQUEST_TRAFFIC_EXCEED_LIMIT 之後一秒內再收到三個請求',
  'two messages were encrypted with one symmetric key': '兩個訊息以同一把對稱密鑰加密',
  '{} about {} was {}': '關於 {1} 的 {0}{2}',
  'not encrypted before, and is now': '之前沒有加密，現在有',
  'encrypted before, and is not now': '之前有加密，現在沒有',
  'a request was signed with key version {}, although version {} serves':
    '請求以密鑰版本 {} 簽名，但版本 {} 已在使用',
  'a magic value chose the answer; it would be sent to AlipayHK too':
    '魔術值選定了回應；它亦會發送給 AlipayHK',
  'an x-mock-* header is in the request; it would be sent to AlipayHK too':
    '請求中有 x-mock-* 標頭；它亦會發送給 AlipayHK',
  '{} requests in a row each opened a connection, although the one before was kept':
    '連續 {} 個請求各自打開連線，但之前的連線仍保持',
  'the body begins with a byte order mark': '正文以位元組順序標記開頭',
  'Content-Type names a charset other than UTF-8': 'Content-Type 寫着 UTF-8 以外的字元集',
  'an optional member is an empty string': '可省略的欄位為空字串',
  'Request-Time {} is not ISO-8601 with a time zone as documented':
    'Request-Time {} 不是文件所載帶時區的 ISO-8601',
  'Request-Time is {} s {} of the clock here': 'Request-Time 比這裏的時鐘相差 {} 秒（{}）',
  'Request-Time is {} minutes {}: local time sent as UTC, or the other way round':
    'Request-Time 相差 {} 分鐘（{}）：把本地時間當作 UTC 發送，或相反',
  '{} messages over {} carry the Request-Time {}': '在 {1} 之內有 {0} 個訊息帶有 Request-Time {2}',
  'an attempt without an answer stayed open for {}': '一次沒有回應的嘗試維持了 {}',
  'an attempt without an answer has been open for {}': '一次沒有回應的嘗試已維持了 {}',
  'the client ended {} attempts while the answer was only delayed, the shortest after {}':
    '回應只是延遲，客戶端卻終止了 {} 次嘗試，最短在 {} 後',
  '{} requests in a row were refused with {}: {}': '連續 {} 個請求被拒，代碼 {}：{}',
  'believed an answer that proves nothing': '相信了一個不能證明甚麼的回應',
  'took an unknown outcome for a success': '把未知的結果當作成功',
  '{} ({}) has no final answer and was not sent again, but {} followed: the client {}':
    '{}（{}）沒有最終結果亦沒有再次發送，但其後發送了 {}：客戶端{}',
  '{} has no final answer after {} attempts, and has not been sent again for {}':
    '{} 經 {} 次嘗試仍沒有最終結果，且已有 {} 沒有再次發送',
  '{}: acknowledged with the fault {}': '{}：確認了帶有故障 {} 的調用',
  'acknowledged with the fault {}': '確認了帶有故障 {} 的調用',
  // Items of the coverage, and how to meet them.
  'result codes of the operations': '各操作的結果碼',
  'refusals of the gateway': '網關的拒絕',
  'wire faults after the commit': '提交後的網絡故障',
  'answers lost after the commit': '提交後遺失的回應',
  'answers that prove nothing': '不能證明甚麼的回應',
  'signature and encryption': '簽名與加密',
  'statuses of orders': '訂單的狀態',
  'repeated after a lost answer': '回應遺失後重複',
  'repeated after an untrusted answer': '回應不可信後重複',
  'end of retries': '重試的終結',
  'Answer U, and let the client send the same message again.':
    '回應 U，並讓客戶端再次發送相同的訊息。',
  'Lose the answer, and let the client send the message again.':
    '令回應遺失，並讓客戶端再次發送訊息。',
  'Send an answer that proves nothing, and let the client send the message again.':
    '送出不能證明甚麼的回應，並讓客戶端再次發送訊息。',
  'Answer F, and let the client stop.': '回應 F，並讓客戶端停止。',
  'Lose the answer after the commit; the repetition gets the first result.':
    '提交後令回應遺失；重複的請求會得到首次的結果。',
  'Send an update whose event time is not newer than the one before.':
    '發送事件時間不比之前新的更新。',
  'Answer U at every attempt, until the client stops by itself.':
    '每次嘗試都回應 U，直至客戶端自行停止。',
  'Queue this rule for the client, and let it send.': '為客戶端排入此規則，並讓它發送。',
  'Let the client sign with {}.': '讓客戶端以 {} 簽名。',
  'Let the client sign with {} and encrypt.': '讓客戶端以 {} 簽名並加密。',
  'Report an order as {}.': '把訂單報告為 {}。',
  'Report {} after {} of one order.': '在同一訂單的 {1} 之後報告 {0}。',
  'calls that AlipayHK makes': 'AlipayHK 所作的調用',
  'faults of these calls': '這些調用的故障',
  'Let AlipayHK call your server.': '讓 AlipayHK 調用你的伺服器。',
  'Do not acknowledge at first.': '起初不要確認。',
};
