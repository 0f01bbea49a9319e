<?php
// alipayhk-mock certify -- php examples/php/certify-driver.php
require __DIR__ . '/complete-client.php';

$job = json_decode(file_get_contents('php://stdin'));
$pem = fn (string $kind, string $key): string => "-----BEGIN $kind KEY-----\n" . chunk_split($key, 64, "\n") . "-----END $kind KEY-----\n";
$client = new AlipayHK(
    getenv('ALIPAYHK_BASE_URL'),
    getenv('ALIPAYHK_CLIENT_ID'),
    openssl_pkey_get_private($pem('PRIVATE', getenv('ALIPAYHK_PRIVATE_KEY'))),
    array_map(fn (string $key) => openssl_pkey_get_public($pem('PUBLIC', $key)), json_decode(getenv('ALIPAYHK_PLATFORM_KEYS'), true)),
    encrypt: $job->sealed,
    outbox: getenv('ALIPAYHK_CERTIFY_STATE'),
    timeoutSeconds: (float) (getenv('TIMEOUT_SECONDS') ?: 8),
    pauseFactor: (float) (getenv('ALIPAYHK_CERTIFY_PAUSE_FACTOR') ?: 1),
);
$send = fn (object $message): Outcome => $client->send($job->path, (array) $message);
$outcomes = $job->action === 'resume' ? $client->sendOpen() : array_map($send, $job->messages ?? [$job->message]);
$claims = array_map(fn (Outcome $outcome, int $at): array => array_filter([
    'message' => $at + 1,
    'outcome' => ['S' => 'SUCCESS', 'F' => 'FAILED', 'U' => 'UNKNOWN'][$outcome->status],
    'resultCode' => $outcome->code,
    'reason' => $outcome->reason,
    'alerted' => $outcome->status !== 'S' && $outcome->nextIn === null,
    'nextAttemptInMs' => $outcome->nextIn === null ? null : (int) round($outcome->nextIn * 1000),
    'observed' => $outcome->orderStatus === null ? null : ['orderStatus' => $outcome->orderStatus],
], fn ($value) => $value !== null), $outcomes, array_keys($outcomes));
$order = ['UNKNOWN' => 0, 'FAILED' => 1, 'SUCCESS' => 2];
$worst = array_reduce($claims, fn ($worst, $claim) => $worst === null || $order[$claim['outcome']] < $order[$worst['outcome']] ? $claim : $worst);
echo json_encode([...($worst ?? ['outcome' => 'SUCCESS']), 'outcomes' => $claims, 'resent' => count($claims)]), "\n";
