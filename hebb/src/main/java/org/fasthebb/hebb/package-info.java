/**
 * Hebbian learning rules. Start with {@link org.fasthebb.hebb.HebbianLayer}, which applies a rule
 * to images, then read a rule, for example {@link org.fasthebb.hebb.SoftWta}.
 *
 * <p>A rule sees a matrix of patches X (B, S) and the weights W (N, S) of N neurons. It
 * <em>observes</em> patches into {@link org.fasthebb.hebb.Statistics}, which are sums over b, and
 * derives the weight change from them. Sums add up, so patches may come in any number of blocks,
 * from any number of shards or machines. If all patches are there at once, a rule may {@linkplain
 * org.fasthebb.hebb.HebbianRule#learn step the weights} without storing the sums.
 *
 * <p>The rules, in order of increasing complexity:
 *
 * <table>
 * <caption>Rules, with their statistics and their step</caption>
 * <tr><th>rule</th><th>sums over b</th><th>dW</th></tr>
 * <tr><td>{@link org.fasthebb.hebb.Centroids}: labels decide which neuron learns a
 * patch</td><td>A = R X, q = R, with R the labels as 0 or 1</td><td>A/q - W, the mean of the class
 * minus W</td></tr>
 * <tr><td>{@link org.fasthebb.hebb.HardWta}: the most similar neurons learn it</td><td>A = R X, q =
 * R, with R = 0 or 1</td><td>A/q - W, the mean of the patches won minus W</td></tr>
 * <tr><td>{@link org.fasthebb.hebb.SoftWta}: all neurons learn it, each by its share R</td><td>A =
 * R^2 X, q = R, p = R^2</td><td>A/q - (p/q) W</td></tr>
 * <tr><td>{@link org.fasthebb.hebb.Oja}: each neuron learns from its own output Y</td><td>A = Y X,
 * p = Y^2, B</td><td>A/B - (p/B) W</td></tr>
 * <tr><td>{@link org.fasthebb.hebb.Subspace}: all neurons share one reconstruction</td><td>A = Y X,
 * G = Y Y^T</td><td>A/B - (G/B) W</td></tr>
 * <tr><td>{@link org.fasthebb.hebb.Hpca}: neuron n sees what neurons 1 .. n
 * reconstruct</td><td>A = Y X, G = Y Y^T</td><td>A/B - tril(G/B) W</td></tr>
 * <tr><td>{@link org.fasthebb.hebb.Ica}: neurons look for independent sparse sources</td><td>A =
 * g(Y) X, G = Y g(Y)^T</td><td>A/B - (G/B) W</td></tr>
 * <tr><td>{@link org.fasthebb.hebb.SparseCoding}: few neurons, with codes C, reconstruct a patch
 * together</td><td>A = C X, G = C C^T, p = C</td><td>A/B - (G/B) W - lambda (p/B) W</td></tr>
 * <tr><td>{@link org.fasthebb.hebb.SoftHebb}: the winner learns, the others unlearn, with a rate
 * per neuron</td><td>A = Y X, p = Y U, B</td><td>A/B - (p/B) W, scaled</td></tr>
 * </table>
 *
 * <p>The naive forms, {@link org.fasthebb.hebb.Naive} for every {@link
 * org.fasthebb.hebb.LocalRule}, {@link org.fasthebb.hebb.FeedbackRule.NaiveFeedback} for every
 * {@link org.fasthebb.hebb.FeedbackRule} and {@link org.fasthebb.hebb.NaiveHpca}, build the B x N x
 * S tensor of the paper's equations 5 and 7. They are the specification, and the baseline that the
 * fast forms are measured against.
 *
 * <p>Letters are the paper's: b patches, n neurons, s values of a patch, eta the learning rate.
 * What the paper leaves open follows revision 019d1a0 of the authors' code.
 */
package org.fasthebb.hebb;
