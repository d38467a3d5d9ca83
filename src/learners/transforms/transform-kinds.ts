import { Imputer } from './imputer.ts';
import { MinMaxScaler } from './min-max-scaler.ts';
import { OneHotEncoder } from './one-hot-encoder.ts';
import { StandardScaler } from './standard-scaler.ts';

/** Every transform that can be saved, by its kind. A new one is added here. */
export const TRANSFORM_KINDS = { Imputer, MinMaxScaler, OneHotEncoder, StandardScaler };
