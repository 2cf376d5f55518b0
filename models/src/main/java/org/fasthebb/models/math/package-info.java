/**
 * Dense linear algebra in double precision whose results do not depend on the number of threads.
 *
 * <p>Parallel loops split outputs, never sums, or split a sum into a number of parts that depends
 * on the problem size only. Products are accumulated with {@link java.lang.Math#fma}, so results
 * are also equal on every machine.
 */
package org.fasthebb.models.math;
