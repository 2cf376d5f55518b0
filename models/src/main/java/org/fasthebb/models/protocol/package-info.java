/**
 * The paper's experiment from data to test accuracy. Start with {@link
 * org.fasthebb.models.protocol.Experiment}.
 *
 * <pre>
 *   Settings ──▶ Experiment: pretrain ──▶ readOut ──▶ test
 *                               │            │
 *                               ▼            ▼
 *                        OutputFolder: ModelFile and History of each phase
 * </pre>
 *
 * <ul>
 *   <li>{@link org.fasthebb.models.protocol.Settings} are made of {@link
 *       org.fasthebb.models.protocol.PretrainSettings} (which {@link
 *       org.fasthebb.models.protocol.Method} and its hyper-parameters) and {@link
 *       org.fasthebb.models.protocol.ReadOutSettings} (how a {@link
 *       org.fasthebb.models.protocol.ReadOut} learns the labels).
 *   <li>{@code Methods} is the catalogue of methods: a new one is one entry there.
 *   <li>{@link org.fasthebb.models.protocol.Split} decides which images are for training, which for
 *       validation, and which have labels.
 *   <li>{@link org.fasthebb.models.protocol.ModelFile} holds a trained network with all that is
 *       needed to use it.
 * </ul>
 */
package org.fasthebb.models.protocol;
