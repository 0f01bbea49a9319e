/**
 * A process that attacks a port until it is killed: `attack-process.ts KIND PORT`. Says how many
 * connections it holds.
 */
import { Attacker, type AttackId, attacks } from './attacks.ts';

const [kind = '', port = ''] = process.argv.slice(2);
const attacker = new Attacker(attacks[kind as AttackId], Number(port));
setInterval(() => process.send?.({ held: attacker.held, opened: attacker.opened }), 100);
process.on('disconnect', () => process.exit());
