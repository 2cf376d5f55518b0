package org.fasthebb.tools.search;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.fasthebb.tools.search.SearchTable.TrialRow;
import org.junit.jupiter.api.Test;

class SearchTableTest {
  @Test
  void theBestIsBoldIfItIsAboveChance() {
    Map<String, BigDecimal> rate = Map.of("rate", new BigDecimal("0.01"));
    SearchTable table =
        new SearchTable(
            List.of(new TrialRow(1, rate, 12.5, true), new TrialRow(2, rate, null, false)));
    String head = "| trial | rate | validation, % |\n|---|---|---|\n";
    String diverged = "| 2 | 0.01 | diverged |\n";
    assertEquals(head + "| 1 | 0.01 | **12.5** |\n" + diverged, table.markdown(at -> at > 10));
    assertEquals(head + "| 1 | 0.01 | 12.5 |\n" + diverged, table.markdown(at -> at > 20));
  }
}
