/**
 * The paper's derivations, executed law by law: {@link org.fasthebb.tools.derive.Derivations} says
 * which laws lead from eq. 1 to eq. 6 and from eq. 2 to eq. 8, {@link
 * org.fasthebb.tools.derive.Checked} compares each equation with the one before, and {@link
 * org.fasthebb.tools.derive.Lesson} shows them with what they cost. The laws themselves are in
 * {@link org.fasthebb.tools.derive.algebra}.
 */
package org.fasthebb.tools.derive;
