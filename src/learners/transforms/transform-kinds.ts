import type { SnapshotRecord } from '../../batch/snapshot.ts';
import { Imputer, type ImputerOptions } from './imputer.ts';
import { MinMaxScaler, type MinMaxScalerOptions } from './min-max-scaler.ts';
import { OneHotEncoder, type OneHotEncoderOptions } from './one-hot-encoder.ts';
import { StandardScaler, type StandardScalerOptions } from './standard-scaler.ts';

/** Any transform that can be saved. */
export type AnyOnlineTransform = Imputer | MinMaxScaler | OneHotEncoder | StandardScaler;

/** Every transform, made from its parameters. A new one is added here. */
export const TRANSFORM_KINDS: Readonly<
  Record<AnyOnlineTransform['kind'], (params: SnapshotRecord) => AnyOnlineTransform>
> = {
  Imputer: (params) => new Imputer(params as unknown as ImputerOptions),
  MinMaxScaler: (params) => new MinMaxScaler(params as unknown as MinMaxScalerOptions),
  OneHotEncoder: (params) => new OneHotEncoder(params as unknown as OneHotEncoderOptions),
  StandardScaler: (params) => new StandardScaler(params as unknown as StandardScalerOptions),
};
