import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { useService } from "@web/core/utils/hooks";

// The way of a payout from gross to bank: each bar opens what it is made of.
export class WaterfallField extends Component {
    static template = "payment_hub.WaterfallField";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get value() {
        return this.props.record.data[this.props.name] || { bars: [] };
    }

    color(bar) {
        if (bar.name === "difference") {
            return "bg-warning";
        }
        if (["gross", "payout"].includes(bar.name)) {
            return "bg-primary";
        }
        return bar.is_gain ? "bg-success" : "bg-danger";
    }

    open(bar, what) {
        const { resModel, resId } = this.props.record;
        return this.action.doActionButton({
            type: "object",
            name: "action_open_bar",
            args: JSON.stringify([bar.name, what]),
            resModel,
            resId,
        });
    }
}

export const waterfallField = { component: WaterfallField, supportedTypes: ["json"] };

registry.category("fields").add("payment_hub_waterfall", waterfallField);
