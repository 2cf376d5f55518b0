/**
 * Equations as data, and the laws of algebra as functions from equations to equations.
 *
 * <p>Read {@link org.fasthebb.tools.derive.algebra.Expr} first, what an equation is made of, then
 * {@link org.fasthebb.tools.derive.algebra.Laws}. A {@link
 * org.fasthebb.tools.derive.algebra.Equation} is computed by its definition, in float64, by {@link
 * org.fasthebb.tools.derive.algebra.Evaluator}, and as engine calls by a {@link
 * org.fasthebb.tools.derive.algebra.CallChain}, of which {@link
 * org.fasthebb.tools.derive.algebra.Cost} says what it costs.
 */
package org.fasthebb.tools.derive.algebra;
