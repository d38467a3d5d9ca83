import { UsageError } from '../errors.ts';

/** Types whose values are held as numbers. */
export type NumericType = 'double' | 'float' | 'int' | 'bigint' | 'smallint' | 'tinyint' | 'boolean';

/**
 * The type of a column, by Spark's names. `void`: only nulls, fits every type. `any`: values that no stage computes with, such as
 * dates and objects, carried along.
 */
export type DataType = NumericType | 'string' | 'array<string>' | 'array<double>' | 'vector' | 'void' | 'any';

/** That a number means one of so many categories: `labels[value]`, where they have names. */
export interface Category {
  readonly count: number;
  readonly labels?: readonly string[] | undefined;
}

/** Which numbers are categories: by position in a vector; position 0 in a column of plain numbers. */
export type Categories = ReadonlyMap<number, Category>;

/** What is known of a column before its data. */
export interface Field {
  readonly name: string;
  readonly type: DataType;
  /** Of a column of vectors: how many numbers each has, where that is known. */
  readonly width?: number | undefined;
  readonly categories?: Categories | undefined;
}

const NUMERIC: ReadonlySet<string> = new Set(['double', 'float', 'int', 'bigint', 'smallint', 'tinyint', 'boolean']);

export function isNumeric(type: DataType): type is NumericType {
  return NUMERIC.has(type);
}

/** The columns of a table: their names, in order, and their types. It never changes. */
export class Schema {
  readonly fields: readonly Field[];
  readonly #byName: ReadonlyMap<string, Field>;

  /** Throws `UsageError` (`duplicate-id`) where two fields have one name. */
  constructor(fields: readonly Field[]) {
    this.fields = fields;
    this.#byName = new Map(fields.map((field) => [field.name, field]));
    if (this.#byName.size === fields.length) return;
    const twice = fields.find(({ name }, i) => fields.findIndex((other) => other.name === name) < i)!;
    throw new UsageError('duplicate-id', `schema: column ${twice.name} occurs twice`);
  }

  get names(): readonly string[] {
    return this.fields.map(({ name }) => name);
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** Throws `UsageError` (`not-found`) naming the columns that there are. */
  field(name: string): Field {
    const field = this.#byName.get(name);
    if (field !== undefined) return field;
    const there = this.fields.length === 0 ? 'none' : this.names.join(', ');
    throw new UsageError('not-found', `no column ${name}; there are ${there}`);
  }

  /** The field, if it is of one of these types. Throws `UsageError` (`not-found`, `wrong-type`). */
  require(name: string, types: readonly DataType[]): Field {
    const field = this.field(name);
    if (field.type === 'void' || types.includes(field.type)) return field;
    throw new UsageError('wrong-type', `column ${name}: expected ${types.join(' or ')}, got ${field.type}`);
  }

  /** The field, if its values are numbers. Throws as `require`. */
  requireNumeric(name: string): Field {
    const field = this.field(name);
    if (field.type === 'void' || isNumeric(field.type)) return field;
    throw new UsageError('wrong-type', `column ${name}: expected numbers, got ${field.type}`);
  }

  /** With another field in the place of the one of that name. */
  replace(field: Field): Schema {
    return new Schema(this.fields.map((each) => (each.name === field.name ? field : each)));
  }

  /** With one more field at the end. Throws `UsageError` (`duplicate-id`) where there is one of that name. */
  with(field: Field): Schema {
    if (!this.has(field.name)) return new Schema([...this.fields, field]);
    throw new UsageError('duplicate-id', `output column ${field.name} already exists; give outputCol another name`);
  }
}
