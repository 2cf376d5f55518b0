/**
 * The inverse square root, the eigenvalues and the Cholesky factor of symmetric matrices, in double
 * precision.
 *
 * <p>Whitening needs the inverse square root of a covariance matrix of 3072 x 3072. The steps, each
 * a class, in the order in which they run:
 *
 * <ol>
 *   <li>{@code SymmetricRows} checks the matrix and scales it by a power of two.
 *   <li>{@code Tridiagonal} reduces it to three diagonals by reflections, A = Q T Q<sup>T</sup>.
 *       Half of this work is products with a vector ({@code SymmetricProduct}), which have to wait
 *       for memory.
 *   <li>{@code InverseSquareRootSum} writes x<sup>-1/2</sup> as a sum of some 25 simple fractions 1
 *       / (x + shift), and {@code TridiagonalInverses} holds what they are for T, in O(n) numbers
 *       each.
 *   <li>{@code Congruence} multiplies their sum by Q on both sides.
 *   <li>{@link org.fasthebb.models.linalg.InverseSquareRoot} runs the steps.
 * </ol>
 *
 * <p>{@code RowProduct} is the matrix product that all steps share, {@code Vectors} the operations
 * on single rows. {@link org.fasthebb.models.linalg.Parallel} is how a caller lends its threads.
 *
 * <p>The result has the same bits for any number of threads, because the sizes of tasks, and the
 * parts of a sum that is divided, depend on the size of the matrix alone. It has the same bits on
 * every machine, because products are added by {@link java.lang.Math#fma} in a fixed order.
 */
package org.fasthebb.models.linalg;
