package org.fasthebb.models.network;

import static org.fasthebb.engine.Contraction.contract;

import java.util.LinkedHashMap;
import java.util.Map;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;
import org.fasthebb.models.inputs.SecondMoments;
import org.fasthebb.models.onnx.OnnxGraph;
import org.fasthebb.models.onnx.OnnxMaps;

/**
 * Whitens patches one by one, as Coates and Ng do (2011, "The Importance of Encoding Versus
 * Training with Sparse Coding and Vector Quantization"): images (b, h, w, c) become (b, h-k+1,
 * w-k+1, k k c), where the channels of a pixel are the patch that begins there.
 *
 * <p>A patch x of S = k k c values becomes p = (x - mean of x) / sqrt(variance of x + 10/255^2),
 * then (p - m) Z. Here m is the mean of p over the patches of some images, and Z = (A + 0.1 I)^-1/2
 * for their covariances A. It comes first in its network, so that backprop never needs a gradient
 * at its input.
 */
final class PatchWhitening implements Stage {
  /** Added to the variance of a patch with values from 0 to 1, so that flat patches stay small. */
  private static final float LEAST_VARIANCE = 10f / (255 * 255);

  /** Added to the variances that are whitened, so that noise stays small. */
  private static final double EPSILON = 0.1;

  /** Pixels of the images whose patches are summed at a time: fewer take less memory. */
  private static final int PIXELS = 1 << 15;

  private final String name;
  private final int k;
  private final Tensor mean;
  private final Tensor z;

  /** A stage that normalises contrast and does not whiten, until it is fitted. */
  PatchWhitening(Backend backend, String name, int k, int channels) {
    this.name = name;
    this.k = k;
    int s = k * k * channels;
    mean = backend.zeros(s);
    z = backend.zeros(s, s);
    for (int i = 0; i < s; i++) {
      z.slice(0, i, i + 1).slice(1, i, i + 1).fill(1);
    }
  }

  /** Takes mean and covariances from the patches of images (b, h, w, c). */
  void fit(Tensor images) {
    Backend backend = images.backend();
    int s = mean.size();
    int block = Math.max(1, PIXELS / (images.size(1) * images.size(2)));
    SecondMoments moments = new SecondMoments(backend, s);
    double[] sums = new double[s];
    long patches = 0;
    for (int from = 0; from < images.size(0); from += block) {
      try (Scope _ = backend.scope()) {
        Tensor some = images.slice(0, from, Math.min(from + block, images.size(0)));
        Tensor p = contrastNormalised(some);
        moments.add(p);
        float[] sum = p.sum(0).toArray();
        for (int i = 0; i < s; i++) {
          sums[i] += sum[i];
        }
        patches += p.size(0);
      }
    }
    float[] means = new float[s];
    double[] covariances = moments.times(1.0 / patches);
    for (int i = 0; i < s; i++) {
      means[i] = (float) (sums[i] / patches);
      for (int j = 0; j < s; j++) {
        covariances[i * s + j] -= sums[i] / patches * (sums[j] / patches);
      }
    }
    mean.write(means);
    try (Scope _ = backend.scope()) {
      z.assign(SecondMoments.whitening(backend, covariances, EPSILON));
    }
  }

  /** Patches (B, S) of images, each of mean 0 and about variance 1. */
  private Tensor contrastNormalised(Tensor images) {
    Tensor x = images.patches(k, k).contiguous();
    int s = x.size(1);
    float share = 1f / s;
    Tensor centred = x.minus(x.sum(1).timesAssign(share).reshape(x.size(0), 1));
    Tensor variance = centred.sumOfSquares(1).timesAssign(share);
    return centred.div(variance.plus(LEAST_VARIANCE).sqrt().reshape(x.size(0), 1));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String describe() {
    return "%sx%s patches, whitened one by one".formatted(k, k);
  }

  @Override
  public Variable trace(Trace trace, Variable x) {
    return trace.tape().constant(evaluate(x.value()));
  }

  @Override
  public Tensor evaluate(Tensor x) {
    int s = mean.size();
    Tensor p = contrastNormalised(x);
    Tensor whitened = contract("bs,st->bt", p.minus(mean.reshape(1, s)), z);
    return whitened.reshape(x.size(0), x.size(1) - k + 1, x.size(2) - k + 1, s);
  }

  @Override
  public String onnx(OnnxGraph graph, OnnxMaps x) {
    int s = mean.size();
    float[] places = new float[s * s]; // (S, c, k, k): each output is one place of the patch
    for (int i = 0; i < s; i++) {
      places[i * s + i % x.c() * k * k + i / x.c()] = 1;
    }
    Map<String, ?> channels = Map.of("axes", new int[] {1});
    String patches = graph.node("Conv", x.name(), graph.constant("places", places, s, x.c(), k, k));
    String centred = graph.node("Sub", patches, graph.node("ReduceMean", channels, patches));
    String squares = graph.node("Mul", centred, centred);
    String variance = graph.node("ReduceMean", channels, squares);
    String least = graph.node("Add", variance, graph.scalar("least", LEAST_VARIANCE));
    String normalised = graph.node("Div", centred, graph.node("Sqrt", least));
    Tensor kernels = z.permute(1, 0).contiguous().reshape(s, s, 1, 1);
    Tensor shift = contract("s,st->t", mean, z).timesAssign(-1);
    return graph.node(
        "Conv", normalised, graph.constant("whitening", kernels), graph.constant("shift", shift));
  }

  @Override
  public Map<String, Tensor> statistics() {
    Map<String, Tensor> named = new LinkedHashMap<>();
    named.put(name + ".mean", mean);
    named.put(name + ".whitening", z);
    return named;
  }
}
