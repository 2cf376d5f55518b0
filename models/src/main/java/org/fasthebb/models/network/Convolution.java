package org.fasthebb.models.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fasthebb.engine.Reducer;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;
import org.fasthebb.hebb.HebbianLayer;
import org.fasthebb.hebb.HebbianRule;
import org.fasthebb.hebb.Response;
import org.fasthebb.hebb.Statistics;
import org.fasthebb.models.onnx.OnnxGraph;
import org.fasthebb.models.onnx.OnnxMaps;
import org.fasthebb.models.random.Rng;

/**
 * A layer of neurons that see patches: a valid convolution with stride 1, followed by the response
 * of the neurons' rule. If the patch covers the whole map, the layer is fully connected.
 */
public final class Convolution implements Stage {
  /** Of patches whose length is 0 nothing is left to divide. */
  private static final float LEAST_LENGTH = 1e-30f;

  private final String name;
  private final Tensor weights;
  private final Tensor bias;
  private final HebbianRule rule;
  private final float rate;
  private final Response response;
  private final int pool;

  /**
   * A layer.
   *
   * @param weights (N, kernel, kernel, c)
   * @param bias (N), or null for none
   * @param rule by which the neurons learn; null for neurons that only backprop trains
   * @param rate factor on the network's learning rate
   * @param response of the neurons, which need not be the rule's
   */
  Convolution(
      String name, Tensor weights, Tensor bias, HebbianRule rule, float rate, Response response) {
    this(name, weights, bias, rule, rate, response, 1);
  }

  private Convolution(
      String name,
      Tensor weights,
      Tensor bias,
      HebbianRule rule,
      float rate,
      Response response,
      int pool) {
    this.name = name;
    this.weights = weights;
    this.bias = bias;
    this.rule = rule;
    this.rate = rate;
    this.response = response;
    this.pool = pool;
  }

  /** Whether it can be {@link #pooled}: a rule computes its outputs, and none is pooled yet. */
  boolean canPool() {
    return isByRule() && pool == 1;
  }

  /** Whether the outputs are those that the rule computes as it learns. */
  private boolean isByRule() {
    return rule != null && rule.response() == response;
  }

  /** This layer and the max-pooling behind it as one stage, for evaluating and learning only. */
  Convolution pooled(int k) {
    return new Convolution(name, weights, bias, rule, rate, response, k);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String describe() {
    return "%s neurons, %sx%s patches of %s channels"
        .formatted(weights.size(0), kernel(), kernel(), weights.size(3));
  }

  /** Weights (N, kernel, kernel, c). */
  public Tensor weights() {
    return weights;
  }

  /** Height and width of a patch. */
  public int kernel() {
    return weights.size(1);
  }

  /** Makes every neuron a random patch of maps (b, h, w, c), divided by its length. */
  void startFromPatches(Tensor maps, Rng random) {
    int k = kernel();
    for (int n = 0; n < weights.size(0); n++) {
      int image = random.nextInt(maps.size(0));
      int row = random.nextInt(maps.size(1) - k + 1);
      int column = random.nextInt(maps.size(2) - k + 1);
      Tensor patch =
          maps.slice(0, image, image + 1).slice(1, row, row + k).slice(2, column, column + k);
      weights.slice(0, n, n + 1).assign(patch);
    }
    Tensor lengths = matrix().sumOfSquares(1).sqrt();
    weights.assign(weights.div(lengths.plus(LEAST_LENGTH).reshape(weights.size(0), 1, 1, 1)));
  }

  private Tensor matrix() {
    return weights.reshape(weights.size(0), weights.size() / weights.size(0));
  }

  private HebbianLayer layer() {
    return new HebbianLayer(rule, matrix(), kernel(), kernel()).pooled(pool);
  }

  @Override
  public Variable trace(Trace trace, Variable x) {
    Variable w = trace.parameter(name + ".weight", weights);
    Variable b = bias == null ? null : trace.parameter(name + ".bias", bias);
    Variable rows = trace.tape().reshape(w, matrix().shape());
    return response.trace(trace.tape(), x, rows, b, kernel(), kernel());
  }

  @Override
  public Tensor evaluate(Tensor x) {
    return isByRule() ? layer().respond(x) : Stage.super.evaluate(x);
  }

  @Override
  public Tensor learn(Tensor x, float eta, Reducer reducer) {
    if (rule == null) {
      throw new IllegalStateException(name + " has no Hebbian rule; train it by backprop");
    }
    Tensor signed = isByRule() ? null : evaluate(x); // by the weights before the step
    Tensor y = layer().learn(x, rate * eta, reducer);
    return signed == null ? y : signed;
  }

  /**
   * What a shard of a batch adds to the rule's statistics.
   *
   * @param output that of the weights before the step
   * @param statistics sums over the shard's patches
   */
  public record ShardSums(Tensor output, Statistics statistics) {}

  /** Observes a shard x (b, h, w, c) of a batch. The weights do not change. */
  public ShardSums observe(Tensor x) {
    Tensor y = x.backend().empty(layer().outputShape(x));
    Statistics statistics = layer().observe(x, y);
    return new ShardSums(isByRule() ? y : evaluate(x), statistics);
  }

  /** Takes a step by the statistics of a whole batch. */
  public void step(Statistics statistics, float eta) {
    statistics.addDelta(statistics.weights(), rate * eta);
  }

  @Override
  public String onnx(OnnxGraph graph, OnnxMaps x) {
    List<String> inputs = new ArrayList<>(List.of(x.name()));
    Tensor rows = response.directions(matrix());
    Tensor kernels = rows.reshape(weights.shape()).permute(0, 3, 1, 2); // (N, c, h, w)
    inputs.add(graph.constant("weight", kernels.contiguous()));
    if (bias != null) {
      inputs.add(graph.constant("bias", bias));
    }
    String y = graph.node("Conv", inputs.toArray(String[]::new));
    return response.isRectified() ? graph.node("Relu", y) : y;
  }

  @Override
  public Map<String, Tensor> parameters() {
    Map<String, Tensor> named = new LinkedHashMap<>();
    named.put(name + ".weight", weights);
    if (bias != null) {
      named.put(name + ".bias", bias);
    }
    return named;
  }
}
