/** What one HTTP request may be at most. */
export interface HttpLimits {
  /** Characters of path and query; setting `maxUrlLength`. */
  readonly maxUrlLength: number;
  /** Bytes of a body; setting `maxBodySize`. */
  readonly maxBodySize: number;
  /** Bytes of all header fields; setting `maxHeaderSize`. */
  readonly maxHeaderSize: number;
  /** Milliseconds until a request must have arrived whole; setting `requestTime`. */
  readonly requestTime: number;
}

/** The limits when nobody sets others. */
export const defaultHttpLimits: HttpLimits = {
  maxUrlLength: 16_384,
  maxBodySize: 8 * 1024 * 1024,
  maxHeaderSize: 32_768,
  requestTime: 60_000,
};
