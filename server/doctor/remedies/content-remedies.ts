import type { Remedy } from './remedy.ts';

/** The content around the body. */
export const contentRemedies = {
  content: {
    java: 'byte[] start = ("POST " + target + "\\n" + clientId + "." + time + ".").getBytes(StandardCharsets.UTF_8); signer.update(start); signer.update(body);',
    php: '$content = "POST {$target}\\n{$clientId}.{$time}.{$body}"; // double quotes: in single quotes \\n stays two characters',
    python: "content = f'POST {target}\\n{client_id}.{time}.'.encode('utf-8') + body",
    go: 'content := append([]byte("POST "+target+"\\n"+clientID+"."+time+"."), body...)',
    csharp:
      'byte[] content = Encoding.UTF8.GetBytes($"POST {target}\\n{clientId}.{time}.").Concat(body).ToArray();',
    node: `const content = Buffer.concat([Buffer.from(\`POST \${target}\\n\${clientId}.\${time}.\`), body]);`,
  },
  target: {
    java: 'URI uri = URI.create(url); String target = uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());',
    php: "$parts = parse_url($url); $target = $parts['path'] . (isset($parts['query']) ? '?' . $parts['query'] : '');",
    python:
      "parts = urllib.parse.urlsplit(url); target = parts.path + ('?' + parts.query if parts.query else '')",
    go: 'target := req.URL.RequestURI() // path and query as they go onto the request line',
    csharp: 'string target = new Uri(url).PathAndQuery;',
    node: 'const { pathname, search } = new URL(url); const target = pathname + search;',
  },
  clientId: {
    java: 'String clientId = config.clientId().strip(); request.header("Client-Id", clientId); // sign this very variable',
    php: "$clientId = trim($config['clientId']); $headers[] = 'Client-Id: ' . $clientId; // sign this very variable",
    python:
      "client_id = config['client_id'].strip(); headers['Client-Id'] = client_id  # sign this very variable",
    go: 'clientID := strings.TrimSpace(config.ClientID); req.Header.Set("Client-Id", clientID) // sign this very variable',
    csharp:
      'string clientId = config.ClientId.Trim(); request.Headers.Add("Client-Id", clientId); // sign this very variable',
    node: "const clientId = config.clientId.trim(); headers['Client-Id'] = clientId; // sign this very variable",
  },
  timeOnce: {
    java: 'String time = OffsetDateTime.now().truncatedTo(ChronoUnit.SECONDS).format(DateTimeFormatter.ISO_OFFSET_DATE_TIME); request.header("Request-Time", time); // once; sign this very variable',
    php: "$time = date(DATE_ATOM); $headers[] = 'Request-Time: ' . $time; // once; sign this very variable",
    python:
      "time = datetime.now(timezone.utc).isoformat(timespec='seconds'); headers['Request-Time'] = time  # once; sign this very variable",
    go: 'now := time.Now().Format("2006-01-02T15:04:05-07:00"); req.Header.Set("Request-Time", now) // once; sign this very variable',
    csharp:
      'string time = DateTimeOffset.Now.ToString("yyyy-MM-dd\'T\'HH:mm:sszzz", CultureInfo.InvariantCulture); request.Headers.Add("Request-Time", time); // once; sign this very variable',
    node: "const time = new Date().toISOString().replace(/\\.\\d+Z$/, '+00:00'); headers['Request-Time'] = time; // once; sign this very variable",
  },
} as const satisfies Record<string, Remedy>;
