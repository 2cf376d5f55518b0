/**
 * From stored images to the inputs of a learner. Start with {@link
 * org.fasthebb.models.inputs.DataLoader}.
 *
 * <pre>
 *   ImageSource + indices = Examples ──┐
 *                                      ├──▶ DataLoader ──▶ Batches: tensors (b, h, w, c)
 *   Preprocessing (an InputSource) ────┘
 *     ChannelStats: normalise channels
 *     Zca: whiten
 * </pre>
 *
 * <ul>
 *   <li>{@link org.fasthebb.models.inputs.Examples} are some images of a set, chosen by index.
 *   <li>{@link org.fasthebb.models.inputs.Preprocessing} turns them into what a network sees, by
 *       {@link org.fasthebb.models.inputs.ChannelStats} and {@link org.fasthebb.models.inputs.Zca},
 *       both computed from the training images. {@link org.fasthebb.models.inputs.FeatureFile}
 *       gives stored features instead, and {@link org.fasthebb.models.inputs.GivenFeatures} those
 *       of other programs. All are an {@link org.fasthebb.models.inputs.InputSource}.
 *   <li>{@link org.fasthebb.models.inputs.DataLoader} shuffles examples and gives {@link
 *       org.fasthebb.models.inputs.Batches}; meanwhile {@code Readers}, one thread or more, read
 *       the next batches, each a {@code BatchReading}, into a {@link
 *       org.fasthebb.models.inputs.HostBatch}.
 * </ul>
 */
package org.fasthebb.models.inputs;
