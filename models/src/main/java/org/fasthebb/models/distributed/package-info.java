/**
 * One batch learned by several workers, with the same bits for any number of them.
 *
 * <p>A batch is cut into a fixed number P of {@link org.fasthebb.models.distributed.Shards shards}.
 * Each worker computes some of them, and workers {@link org.fasthebb.models.distributed.Merger
 * merge} what shards add up to, layer by layer: moments of batch norms, statistics of rules, or the
 * inputs of a layer whose statistics are larger than its inputs. Sums are taken along one binary
 * tree over the shards, whichever worker holds them. So the result depends on P, but not on the
 * number of workers, nor on whether they are threads ({@link
 * org.fasthebb.models.distributed.LocalTransport}) or processes ({@link
 * org.fasthebb.models.distributed.TcpTransport}).
 */
package org.fasthebb.models.distributed;
