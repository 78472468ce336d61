/** What the dashboard's rows are made of: a text over the whole width, and graphs beside each other. */
import { Duration } from "aws-cdk-lib";
import {
  GraphWidget,
  type GraphWidgetProps,
  type IMetric,
  type IWidget,
  LegendPosition,
  Stats,
  TextWidget,
  TextWidgetBackground,
} from "aws-cdk-lib/aws-cloudwatch";
import { tenantMetric } from "./metrics.ts";

/** CloudWatch's grid. */
export const columns = 24;
export const period = Duration.minutes(5);

export function text(markdown: string, height = 2): IWidget[] {
  return [new TextWidget({ markdown, width: columns, height, background: TextWidgetBackground.TRANSPARENT })];
}

export type Graph = GraphWidgetProps & { readonly left: IMetric[] };

export function row(...graphs: readonly Graph[]): IWidget[] {
  return graphs.map(
    (props) =>
      new GraphWidget({
        width: columns / graphs.length,
        height: 6,
        period,
        legendPosition: LegendPosition.BOTTOM,
        // A single event is to be seen, not a line that it makes look like a trend.
        leftYAxis: { min: 0, showUnits: false },
        ...props,
      }),
  );
}

/** Of our own metrics: statistic and label. */
export function own(tenant: string, name: string, label: string, statistic: string = Stats.SUM): IMetric {
  return tenantMetric(tenant, name, statistic, period).with({ label });
}
