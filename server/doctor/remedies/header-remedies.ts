import type { Remedy } from './remedy.ts';

/** How the raw signature becomes the header. */
export const headerRemedies = {
  urlEncodeOnce: {
    java: 'String value = URLEncoder.encode(Base64.getEncoder().encodeToString(signature), StandardCharsets.UTF_8);',
    php: '$value = rawurlencode(base64_encode($signature)); // once; hand $value to the HTTP client as it is',
    python: "value = urllib.parse.quote(base64.b64encode(signature).decode('ascii'), safe='')",
    go: 'value := url.QueryEscape(base64.StdEncoding.EncodeToString(signature))',
    csharp: 'string value = Uri.EscapeDataString(Convert.ToBase64String(signature));',
    node: "const value = encodeURIComponent(signature.toString('base64'));",
  },
  standardBase64: {
    java: 'String text = Base64.getEncoder().encodeToString(signature); // not getUrlEncoder, not getMimeEncoder; then URLEncoder.encode(text, StandardCharsets.UTF_8)',
    php: '$text = base64_encode($signature); // raw bytes from openssl_sign: no bin2hex, no chunk_split, once; then rawurlencode($text)',
    python:
      "text = base64.b64encode(signature).decode('ascii')  # not urlsafe_b64encode, not encodebytes, not .hex(); then quote(text, safe='')",
    go: 'text := base64.StdEncoding.EncodeToString(signature) // not URLEncoding, not hex; then url.QueryEscape(text)',
    csharp:
      'string text = Convert.ToBase64String(signature); // no InsertLineBreaks, no ToHexString; then Uri.EscapeDataString(text)',
    node: "const text = signature.toString('base64'); // not 'base64url', not 'hex', and not twice; then encodeURIComponent(text)",
  },
  signatureHeader: {
    java: 'request.header("Signature", "algorithm=RSA256,keyVersion=1,signature=" + value);',
    php: "$headers[] = 'Signature: algorithm=RSA256,keyVersion=1,signature=' . $value;",
    python: "headers['Signature'] = f'algorithm=RSA256,keyVersion=1,signature={value}'",
    go: 'req.Header.Set("Signature", "algorithm=RSA256,keyVersion=1,signature="+value)',
    csharp:
      'request.Headers.TryAddWithoutValidation("Signature", $"algorithm=RSA256,keyVersion=1,signature={value}");',
    node: `headers['Signature'] = \`algorithm=RSA256,keyVersion=1,signature=\${value}\`;`,
  },
  wholeValue: {
    java: 'String value = header.substring(header.indexOf("signature=") + 10); // never split("="): base64 ends in "="; signature.length is 256',
    php: "$value = explode('signature=', $header, 2)[1]; // never explode('='); strlen($signature) is 256, and no column or buffer may cut the text",
    python:
      "value = header.split('signature=', 1)[1]  # never split('='); len(signature) is 256, and no column or buffer may cut the text",
    go: '_, value, _ := strings.Cut(header, "signature=") // never strings.Split(header, "="); len(signature) is 256',
    csharp:
      'string value = header.Split("signature=", 2)[1]; // never Split(\'=\'); signature.Length is 256',
    node: "const value = header.slice(header.indexOf('signature=') + 10); // never split('=')[1]; signature.length is 256",
  },
} as const satisfies Record<string, Remedy>;
