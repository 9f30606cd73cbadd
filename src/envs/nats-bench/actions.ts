// What actions of this family are, by id.

/** All are operations: 0 none, 1 skip_connect, 2 nor_conv_1x1, 3 nor_conv_3x3, 4 avg_pool_3x3. */
export interface NatsBenchActions {
  /** An operation. */
  readonly "NATS-Bench/cifar10": number;
  /** An operation. */
  readonly "NATS-Bench/cifar100": number;
  /** An operation. */
  readonly "NATS-Bench/ImageNet16-120": number;
}
