package org.fasthebb.tools.derive.algebra;

import java.util.function.UnaryOperator;

/**
 * A law of algebra, ready to be applied.
 *
 * @param name what it does here, such as "pull W out of the sum over b"
 * @param formula the law in letters, such as "Σ a f = a Σ f"
 * @param rewrite from an equation to an equal one; an IllegalArgumentException says why the law
 *     does not apply
 */
public record Law(String name, String formula, UnaryOperator<Equation> rewrite) {}
