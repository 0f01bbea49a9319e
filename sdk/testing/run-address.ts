/** How a run's setup tells its workers where the simulator listens. */
export const addressVariable = 'ALIPAYHK_RUN_SIMULATOR';
