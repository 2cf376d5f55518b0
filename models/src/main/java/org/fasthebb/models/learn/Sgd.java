package org.fasthebb.models.learn;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;

/** Stochastic gradient descent with Nesterov momentum and weight decay on named parameters. */
final class Sgd {
  private final Map<String, Tensor> parameters;
  private final Map<String, Tensor> velocities = new LinkedHashMap<>();
  private final Schedule schedule;
  private final float initialRate;
  private final float momentum;
  private final float decay;

  /**
   * An optimiser whose velocities are zero.
   *
   * @param rate learning rate, which falls by {@code schedule}
   * @param momentum of Nesterov's method
   * @param decay L2 penalty on every parameter
   */
  Sgd(Map<String, Tensor> parameters, float rate, Schedule schedule, float momentum, float decay) {
    this.parameters = parameters;
    this.initialRate = rate;
    this.schedule = schedule;
    this.momentum = momentum;
    this.decay = decay;
    parameters.forEach((name, p) -> velocities.put(name, p.backend().zeros(p.shape())));
  }

  /** The state, named velocity.NAME for each parameter. */
  Map<String, Tensor> tensors() {
    Map<String, Tensor> named = new LinkedHashMap<>();
    velocities.forEach((name, velocity) -> named.put("velocity." + name, velocity));
    return named;
  }

  /**
   * Steps every parameter along its gradient.
   *
   * @param leaves variables with the gradients, by the parameters' names
   * @param epoch from 0, which decides the learning rate
   */
  void step(Map<String, Variable> leaves, int epoch) {
    float rate = schedule.rate(initialRate, epoch);
    List<Tensor> ws = new ArrayList<>();
    List<Tensor> gradients = new ArrayList<>();
    List<Tensor> vs = new ArrayList<>();
    parameters.forEach((name, w) -> {
      ws.add(w);
      gradients.add(leaves.get(name).gradient().contiguous());
      vs.add(velocities.get(name));
    });
    if (ws.isEmpty()) {
      return;
    }
    ws.getFirst().device().descend(ws, gradients, vs, rate, momentum, decay);
  }
}
