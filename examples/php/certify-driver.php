<?php
// alipayhk-mock certify -- php examples/php/certify-driver.php
require __DIR__ . '/complete-client.php';

$job = json_decode(file_get_contents('php://stdin'));
$pem = fn (string $kind, string $key): string =>
    "-----BEGIN $kind KEY-----\n" . chunk_split($key, 64, "\n") . "-----END $kind KEY-----\n";
$public = fn (string $key) => openssl_pkey_get_public($pem('PUBLIC', $key));
$client = new AlipayHK(
    getenv('ALIPAYHK_BASE_URL'),
    getenv('ALIPAYHK_CLIENT_ID'),
    openssl_pkey_get_private($pem('PRIVATE', getenv('ALIPAYHK_PRIVATE_KEY'))),
    array_map($public, json_decode(getenv('ALIPAYHK_PLATFORM_KEYS'), true)),
    encrypt: $job->sealed,
    outbox: getenv('ALIPAYHK_CERTIFY_STATE'),
    timeoutSeconds: (float) (getenv('TIMEOUT_SECONDS') ?: 8),
    pauseFactor: (float) getenv('ALIPAYHK_CERTIFY_PAUSE_FACTOR'),
);
$send = fn (object $message): Outcome => $client->send($job->path, (array) $message);
$outcomes = $job->action === 'resume' ? $client->sendOpen() : array_map($send, $job->messages);
echo json_encode(['outcomes' => array_map(fn (Outcome $outcome): array => [
    'outcome' => $outcome->status,
    'resultCode' => $outcome->code,
    'reason' => $outcome->reason,
    'alerted' => $outcome->status !== 'S' && $outcome->nextIn === null,
    'nextAttemptInMs' => $outcome->nextIn === null ? null : (int) round($outcome->nextIn * 1000),
    'observed' => ['orderStatus' => $outcome->orderStatus],
], $outcomes)]), "\n";
