package org.fasthebb.tools.derive.algebra;

import java.util.List;

/** One engine call, or a loop of them. */
public sealed interface EngineCall {
  /** out = contract("bn,bs->ns", a, b): sums over the axes that out has not. */
  record Contracted(Operand out, Operand a, Operand b) implements EngineCall {
    /** The specification of the engine's {@code contract}. */
    String spec() {
      return a.letters() + "," + b.letters() + "->" + out.letters();
    }
  }

  /** out = a b, element by element; where one lacks an axis, it stretches. */
  record Multiplied(Operand out, Operand a, Operand b) implements EngineCall {}

  /** out = a plus or minus b, element by element; where one lacks an axis, it stretches. */
  record Combined(Operand out, Operand a, int sign, Operand b) implements EngineCall {}

  /** out = a times numbers. */
  record Scaled(Operand out, Operand a, List<String> numbers) implements EngineCall {}

  /** out = a summed over the axes that out has not. */
  record Reduced(Operand out, Operand a) implements EngineCall {}

  /** out = the patches of an image, a view. */
  record Viewed(Operand out, Expr.Named a) implements EngineCall {}

  /** Memory for out, with a copy of a in it; without a, zeros. */
  record Started(Operand out, Operand a) implements EngineCall {}

  /** out = out + a. */
  record Added(Operand out, Operand a) implements EngineCall {}

  /** The part of out that belongs to this round of a loop = a. */
  record Stored(Operand out, Operand a) implements EngineCall {}

  /** For each block k or shard g, in order. */
  record Loop(NamedAxis over, List<EngineCall> body) implements EngineCall {}
}
