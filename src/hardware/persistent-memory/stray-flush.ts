/** A flush of a line that lies on no NVDIMM, such as that of a local copy: it makes nothing durable, and is no operation. */
export interface StrayFlush {
  /** How many operations of the run stand before it. */
  readonly place: number;
  /** As of a store. */
  readonly source: string;
  readonly isOnStack: boolean;
}
