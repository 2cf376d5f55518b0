package org.fasthebb.tools.verify;

import java.nio.file.Path;
import java.util.List;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.io.CheckpointException;

/** Recomputes what golden files hold. */
public final class Verification {
  private Verification() {}

  /**
   * Compares every tensor of a file that is not an input with what this library computes.
   *
   * @param file a golden file of any sizes
   * @param backend what computes
   * @return the file's cases, in its order; tensors that this program does not recompute are in
   *     skipped cases
   * @throws CheckpointException if the file cannot be read
   */
  public static List<CaseResult> verify(Path file, Backend backend) throws CheckpointException {
    try (GoldenFile golden = new GoldenFile(file, backend)) {
      Family family = Family.of(golden.stem(), golden.names());
      Comparison comparison = new Comparison(golden, family);
      switch (family) {
        case LAYER_SWTA -> LayerCases.softWta(golden, comparison);
        case LAYER_HPCA -> LayerCases.hpca(golden, comparison);
        case MODIFIED_BN -> BatchNormCases.verify(golden, comparison);
        case NET6, NET10 -> NetworkCases.verify(golden, comparison);
        case FINETUNE -> FineTuneCases.verify(golden, comparison);
        case ZCA, ZCA210 -> ZcaCases.verify(golden, comparison);
        case SOFTHEBB -> SoftHebbCases.verify(golden, comparison);
        case VAE, VAE10 -> VaeCases.verify(golden, comparison);
        case UNKNOWN -> {} // all tensors count as skipped
      }
      return comparison.results();
    }
  }
}
