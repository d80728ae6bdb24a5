import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const bar = (name) => `tr[data-bar=${name}]`;

// A viewer follows a payout from gross to the entries, and looks at the disputes.
registry.category("web_tour.tours").add("payment_hub_payout", {
    url: "/odoo",
    steps: () => [
        ...stepUtils.goToAppSteps("payment_hub.payment_hub_menu_root", "Open the app"),
        {
            content: "Open the payouts",
            trigger: "[data-menu-xmlid='payment_hub.payment_hub_payout_menu']",
            run: "click",
        },
        {
            content: "Open the payout",
            trigger: ".o_data_cell:contains(po-1)",
            run: "click",
        },
        {
            content: "The batch proves itself",
            trigger: ".alert-success:contains(Proven)",
        },
        {
            content: "The bars lead to the payout",
            trigger: `${bar("payout")}:contains(99.00)`,
        },
        {
            content: "Open the events of the fees",
            trigger: `${bar("fees")} button[title='Open the events']`,
            run: "click",
        },
        {
            content: "There is one",
            trigger: ".o_list_view .o_data_cell:contains(fee.charged)",
        },
        {
            content: "Back to the payout",
            trigger: ".o_back_button, .breadcrumb-item a:contains(po-1)",
            run: "click",
        },
        {
            content: "Open the entries of the fees",
            trigger: `${bar("fees")} button[title='Open the entries']`,
            run: "click",
        },
        {
            content: "Those are entries",
            trigger: ".o_breadcrumb:contains(Entries: Fees and Taxes)",
        },
        {
            content: "There is one too",
            trigger: ".o_list_view .o_data_row .o_data_cell",
        },
        {
            content: "Open the disputes",
            trigger: "[data-menu-xmlid='payment_hub.payment_hub_dispute_menu']",
            run: "click",
        },
        {
            content: "The board shows stage and deadline",
            trigger:
                ".o_kanban_group:contains(Chargeback) .o_kanban_record:contains(dp-1) [name=due_at]",
            run: "click",
        },
        {
            content: "The page of the dispute",
            trigger: ".o_form_view .o_data_cell:contains(dispute.opened)",
        },
    ],
});
