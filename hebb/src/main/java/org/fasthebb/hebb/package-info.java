/**
 * Hebbian learning rules.
 *
 * <p>A rule sees a matrix of patches X (B, S) and the weights W (N, S) of N neurons. It
 * <em>observes</em> patches into {@link org.fasthebb.hebb.Statistics}, sums over b, and derives the
 * weight change from them. Sums add up, so patches may come in any number of blocks, from any
 * number of shards or machines. Where all patches are there at once, it may {@linkplain
 * org.fasthebb.hebb.HebbianRule#learn step the weights} without storing the sums.
 *
 * <table>
 * <caption>Rules, with their statistics and their step</caption>
 * <tr><th>rule</th><th>sums over b</th><th>dW</th></tr>
 * <tr><td>{@link org.fasthebb.hebb.SoftWta}</td><td>A = R^2 X, q = R, p = R^2</td><td>A/q - (p/q)
 * W</td></tr>
 * <tr><td>{@link org.fasthebb.hebb.HardWta}</td><td>as soft-WTA, with 0 or 1 for R</td><td>mean of
 * what was won - W</td></tr>
 * <tr><td>{@link org.fasthebb.hebb.Centroids}</td><td>as soft-WTA, with labels for R</td><td>mean of
 * the class - W</td></tr>
 * <tr><td>{@link org.fasthebb.hebb.Oja}</td><td>A = Y X, p = Y^2, B</td><td>A/B - (p/B)
 * W</td></tr>
 * <tr><td>{@link org.fasthebb.hebb.SoftHebb}</td><td>A = Y X, p = Y U, B</td><td>A/B - (p/B) W, to
 * scale</td></tr>
 * <tr><td>{@link org.fasthebb.hebb.Hpca}</td><td>A = Y X, G = Y Y^T</td><td>A/B - tril(G/B)
 * W</td></tr>
 * <tr><td>{@link org.fasthebb.hebb.Subspace}</td><td>A = Y X, G = Y Y^T</td><td>A/B - (G/B)
 * W</td></tr>
 * </table>
 *
 * <p>The naive forms, {@link org.fasthebb.hebb.Naive} for every {@link org.fasthebb.hebb.LocalRule}
 * , {@link org.fasthebb.hebb.NaiveHpca} and {@link org.fasthebb.hebb.NaiveSubspace}, build the B x
 * N x S tensor of the paper's equations 5 and 7. They are the specification, and the baseline that
 * the fast forms are measured against. {@link org.fasthebb.hebb.HebbianLayer} applies a rule to
 * images.
 *
 * <p>Letters are the paper's: b patches, n neurons, s values of a patch, eta the learning rate.
 * Facts that the paper leaves open are as in revision 019d1a0 of the authors' code.
 */
package org.fasthebb.hebb;
