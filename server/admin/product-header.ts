/**
 * On every answer of the admin API, with the version: what says that the answer is not another
 * program's.
 */
export const productHeader = 'x-alipayhk-mock';
