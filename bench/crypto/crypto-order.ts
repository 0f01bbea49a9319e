export interface CryptoOrder {
  readonly threads: number;
  readonly sealed: boolean;
  readonly seconds: number;
}
