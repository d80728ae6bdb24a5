import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

// A finance user resolves an exception and sees the invoice paid.
registry.category("web_tour.tours").add("payment_hub_resolve_exception", {
    url: "/odoo",
    steps: () => [
        ...stepUtils.goToAppSteps("payment_hub.payment_hub_menu_root", "Open the app"),
        {
            content: "The connection shows its open exception",
            trigger: ".o_kanban_record:contains(Stripe US) a:contains(exceptions)",
            run: "click",
        },
        {
            content: "Open the exception",
            trigger: ".o_data_row:contains(No invoice) td[name=cause]",
            run: "click",
        },
        {
            content: "It says what to do",
            trigger: ".alert-info:contains(Choose the invoice)",
        },
        {
            content: "Look for the invoice",
            trigger: ".o_field_widget[name=invoice_id] input",
            run: "edit INV/",
        },
        {
            content: "Choose it",
            trigger: ".ui-autocomplete a:contains(INV/2025)",
            run: "click",
        },
        {
            content: "Retry",
            trigger: "button[name=action_retry]",
            run: "click",
        },
        {
            content: "It is resolved",
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains(Resolved)",
        },
        {
            content: "Go to the payment",
            trigger: ".o_field_widget[name=payment_id] a, .o_field_widget[name=payment_id] .o_external_button",
            run: "click",
        },
        {
            content: "The timeline goes from the delivery to the invoice",
            trigger: ".o_field_widget[name=timeline] li:contains(Delivery received)",
        },
        {
            content: "Its last step is the reconciliation",
            trigger: ".o_field_widget[name=timeline] li:last-child:contains(Reconciled)",
        },
        {
            content: "Open the invoice",
            trigger: "button[name=action_open_invoice]",
            run: "click",
        },
        {
            content: "It is paid, and leads back to the payment",
            trigger: ".o_form_view:has(.ribbon:contains(Paid)) button[name=action_open_payment_hub_payments]",
        },
    ],
});
