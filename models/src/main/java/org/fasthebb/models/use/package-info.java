/**
 * A trained model in use: which class an image is of, what its features are, and which photos look
 * like it. Read {@link org.fasthebb.models.use.Model} first.
 *
 * <pre>
 *   file ──▶ Model ──┬──▶ Classification: the classes of an image, the likeliest first
 *                    ├──▶ features ──▶ PhotoIndex: a folder of photos, searched by features
 *                    └──▶ OnnxExport: the same model, for other programs
 *   Photos: image files of any folders, where one that cannot be read does not stop the others
 * </pre>
 */
package org.fasthebb.models.use;
