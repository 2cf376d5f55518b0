package org.fasthebb.hebb;

import java.util.Arrays;
import org.fasthebb.engine.Reducer;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;

/**
 * A layer of neurons that learns by a Hebbian rule: a valid convolution with stride 1 over
 * channels-last images. If the kernel covers the whole image, the layer is fully connected.
 *
 * <pre>{@code
 * HebbianLayer layer = new HebbianLayer(new SoftWta(), cpu.of(weights, 96, 75), 5, 5);
 * Tensor y = layer.learn(images, 1e-3f); // (b, 32, 32, 3) -> (b, 28, 28, 96), weights stepped
 * }</pre>
 */
public final class HebbianLayer {
  /**
   * Patches observed at once on the CPU: what a rule computes from them should stay in the L2 or L3
   * cache.
   */
  private static final int PATCHES = 8192;

  /** Patches observed at once on a GPU. More keep it busier, but take more of its memory. */
  private static final int PATCHES_ON_DEVICE = 65_536;

  private final HebbianRule rule;
  private final Tensor w;
  private final int kh;
  private final int kw;

  /**
   * A layer of N neurons that see kh x kw patches.
   *
   * @param w weights (N, kh kw c), each patch in the order (row, column, channel); {@link #learn}
   *     changes them
   */
  public HebbianLayer(HebbianRule rule, Tensor w, int kh, int kw) {
    if (w.rank() != 2 || kh < 1 || kw < 1 || w.size(1) % ((long) kh * kw) != 0) {
      throw new IllegalArgumentException(
          "weights " + w.layout() + " do not fit patches of " + kh + "x" + kw + " pixels");
    }
    this.rule = rule;
    this.w = w;
    this.kh = kh;
    this.kw = kw;
  }

  /** Weights (N, S). */
  public Tensor weights() {
    return w;
  }

  /** Output (b, h-kh+1, w-kw+1, N) for images (b, h, w, c). */
  public Tensor respond(Tensor images) {
    Tensor x = patches(images);
    Tensor y = rule.respond(x, w);
    return y.reshape(outputShape(images));
  }

  /**
   * Computes the output for images (b, h, w, c), then takes one learning step: W = W + eta dW. The
   * output (b, h-kh+1, w-kw+1, N) is that of the weights before the step.
   */
  public Tensor learn(Tensor images, float eta) {
    return learn(images, eta, Reducer.IDENTITY);
  }

  /**
   * Does the same as {@link #learn(Tensor, float)}, but steps from the images of all shards of the
   * batch.
   *
   * @param reducer adds the statistics of the other shards; all shards must have the same number of
   *     images
   */
  public Tensor learn(Tensor images, float eta, Reducer reducer) {
    Tensor x = patches(images);
    Tensor out = images.backend().empty(outputShape(images));
    try (Scope _ = images.backend().scope()) {
      if (reducer.equals(Reducer.IDENTITY) && x.size(0) <= patchesAtOnce(images)) {
        rule.learn(x, w, out.reshape(x.size(0), w.size(0)), eta);
      } else {
        Statistics statistics = observe(images, out);
        reducer.reduce(statistics.tensors().toArray(Tensor[]::new));
        statistics.addDelta(w, eta);
      }
    }
    return out;
  }

  /** The weight change (N, S) that {@link #learn} makes with a learning rate of 1. */
  public Tensor delta(Tensor images) {
    return observe(images, images.backend().empty(outputShape(images))).delta();
  }

  /**
   * Statistics of images (b, h, w, c), observed block by block. The weights do not change.
   *
   * @param out receives the output (b, h-kh+1, w-kw+1, N); gapless
   */
  public Statistics observe(Tensor images, Tensor out) {
    int[] shape = outputShape(images);
    if (!Arrays.equals(shape, out.shape())) {
      throw new IllegalArgumentException(
          "the output for images "
              + images.layout()
              + " has the shape "
              + Arrays.toString(shape)
              + ", but out is "
              + out.layout());
    }
    int perImage = shape[1] * shape[2];
    Statistics statistics = rule.statistics(w, shape[0] * perImage);
    int step = Math.max(1, patchesAtOnce(images) / perImage);
    for (int from = 0; from < shape[0]; from += step) {
      int to = Math.min(shape[0], from + step);
      try (Scope _ = images.backend().scope()) {
        Tensor y = out.slice(0, from, to).reshape((to - from) * perImage, shape[3]);
        statistics.observe(patches(images.slice(0, from, to)), y);
      }
    }
    return statistics;
  }

  private static int patchesAtOnce(Tensor images) {
    return images.backend().isRemote() ? PATCHES_ON_DEVICE : PATCHES;
  }

  private Tensor patches(Tensor images) {
    Tensor x = images.patches(kh, kw);
    if (x.size(1) != w.size(1)) {
      throw new IllegalArgumentException(
          "weights "
              + w.layout()
              + " do not fit "
              + kh
              + "x"
              + kw
              + " patches of images "
              + images.layout()
              + ", which have "
              + x.size(1)
              + " values");
    }
    return x;
  }

  private int[] outputShape(Tensor images) {
    patches(images);
    return new int[] {images.size(0), images.size(1) - kh + 1, images.size(2) - kw + 1, w.size(0)};
  }
}
