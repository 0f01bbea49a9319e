import { describeRefusedCommits } from './refused-commits.ts';

describeRefusedCommits(200);
