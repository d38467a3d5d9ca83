import { columnOfValues } from '../../batch/column-of-values.ts';
import { type Field, Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { UsageError } from '../../errors.ts';
import type { OptionsOf } from '../params/param.ts';
import { stringParam } from '../params/param-kinds.ts';
import { type Compiled, compileExpression } from '../sql/compile-expression.ts';
import { parseSelect } from '../sql/parse-select.ts';
import type { Select } from '../sql/select.ts';
import { TransformerStage } from '../stage.ts';

const PARAMS = {
  /** `SELECT … FROM __THIS__ [WHERE …]`. */
  statement: stringParam(),
};

export type SQLTransformerOptions = OptionsOf<typeof PARAMS>;

/**
 * Computes columns, and chooses rows, by a statement of SQL: `SELECT *, a + b AS sum FROM __THIS__ WHERE a IS NOT NULL`.
 *
 * What goes row by row: columns, numbers, texts, arithmetic, comparisons, `AND`, `OR`, `NOT`, `IS NULL`, `IN`, `BETWEEN`, `LIKE`, `CASE`, `CAST` and
 * the usual functions. No joins, groups or order; a stream could not do them batch by batch either. Numbers with a point are doubles, where
 * Spark has decimals. As in Spark 3.5, what is divided by 0 and texts that are cast and are no numbers are null, where Spark 4, with its ANSI mode, ends
 * with an error. A whole number that leaves its type does not wrap around, as it does in Spark. What is computed needs a name (`AS`).
 * Throws `UsageError` (`bad-option`, `not-found`, `wrong-type`) saying what was expected where. Cost: O(n · length of the statement).
 * Source: Apache Spark, SQLTransformer.
 */
export class SQLTransformer extends TransformerStage<typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.SQLTransformer';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    const select = parseSelect(this.get('statement'));
    if (select.where !== undefined) conditionOf(select, schema);
    return new Schema(
      columnsOf(select, schema).map(({ name, compiled, field }) => field ?? { name, type: compiled.type }),
    );
  }

  protected transformChecked(table: Table): Table {
    const select = parseSelect(this.get('statement'));
    const kept = rowsWhere(select, table);
    const columns = columnsOf(select, kept.schema);
    const computed = columns.map(({ name, compiled, field }) => {
      return [name, field === undefined ? columnOf(compiled, kept) : kept.column(field.from)] as const;
    });
    return kept.withColumns(computed);
  }
}

/** A column of the result: computed, or one that there is, perhaps by another name. */
interface ResultColumn {
  readonly name: string;
  readonly compiled: Compiled;
  readonly field?: Field & { readonly from: string };
}

function columnsOf({ items }: Select, schema: Schema): ResultColumn[] {
  return items.flatMap((item): ResultColumn[] => {
    if (item.kind === 'all') return schema.names.map((name) => taken(name, name, schema));
    if (item.of.kind === 'column') return [taken(item.name, item.of.name, schema)];
    return [{ name: item.name, compiled: compileExpression(item.of, schema) }];
  });
}

function taken(name: string, from: string, schema: Schema): ResultColumn {
  const compiled = compileExpression({ kind: 'column', name: from }, schema);
  return { name, compiled, field: { ...schema.field(from), name, from } };
}

function columnOf({ type, over }: Compiled, table: Table) {
  const read = over(table);
  return columnOfValues(
    Array.from({ length: table.rows }, (_, i) => read(i)),
    type,
    (row, why) => {
      throw table.badRows('SQL', (i) => (i === row ? why : undefined));
    },
  );
}

function rowsWhere(select: Select, table: Table): Table {
  if (select.where === undefined) return table;
  const holds = conditionOf(select, table.schema).over(table);
  return table.filter((i) => holds(i) === true);
}

function conditionOf({ where }: Select, schema: Schema): Compiled {
  const condition = compileExpression(where!, schema);
  if (condition.type === 'boolean' || condition.type === 'void') return condition;
  throw new UsageError('wrong-type', `SQL: WHERE: expected a condition, got ${condition.type}`);
}
